"""Benchmarks that change data: only where that is allowed, and everything is put back, also after an error midway."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stashbench.collect.content import Cell, Disregard, content_hash
from stashbench.harness.job_stopwatch import _seconds_of, work_of
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.sample import ResourceUse, SpanKind
from stashbench.stash.client import StashClient

SUITES = Path(__file__).parents[2] / "suites"
TAGS = """
from stashbench.collect.probes.scratch_tags import ScratchTags

def bench_tags(measure, changes, stash):
    calls = []

    def undo(answer):
        calls.append(answer)
        BODY

    with changes.only(), ScratchTags(stash) as tags:
        measure.each("tag_create", tags.new, undo=undo, page="p", title="Tags")
"""
LEAVES = """
from stashbench.stash.operations import load

def bench_leaves(measure, changes, stash):
    with changes.only():
        measure("system_status", page="p", title="Leaves something")
        stash.execute(load("tag_create"), {"input": {"name": "left behind" + NAME}})
        END
"""
SCAN = """
import shutil

def bench_scan(measure_job, changes, target):
    first = next(path for path in sorted(target.media_directory.rglob("*")) if path.suffix == ".mp4")
    for number in range(3):
        folder = target.media_directory / "new"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(first, folder / f"{number}.mp4")
        with (folder / f"{number}.mp4").open("ab") as file:
            file.write(b"x" * 70_000 * (number + 1))
    with changes.only(may_add=True):
        variables = {"input": {"paths": [str(folder)]}}
        options = dict(page="Tasks", items="files", item_count=3, rounds=2)
        measure_job("metadata_scan", variables, title="Scan", **options)
"""


def tag_names(url):
    with StashClient(url) as client:
        return {
            tag["name"]
            for tag in client.execute("{ findTags(filter: {per_page: -1}) { tags { name } } }")["findTags"]["tags"]
        }


@pytest.fixture
def audit(server, run_inside, latest):
    """Run a suite on the shared server, with leave to change it; give its first measurement and the result."""

    def run(suites):
        done = run_inside(
            suites, "--stash-url", server.url, "--stash-database", server.database, "--stash-quick", "--allow-writes"
        )
        result = latest()
        return done, {item.id: item for item in result.measurements}, result

    return run


def test_saving_and_optimising_leave_a_server_as_it_was_and_prove_it(server, audit):
    before = tag_names(server.url)
    done, found, result = audit(SUITES / "writes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"but for scenes\.updated_at of \d+:", found["save-scene"].proof)
    for name in ("save-scene", "create-tag", "destroy-tag", "optimise-database"):
        assert found[name].outcome is MeasurementOutcome.OK, found[name].reason
        assert "the same hash of all rows before and after" in found[name].proof
        assert found[name].trace is None
    assert tag_names(server.url) == before
    optimised = found["optimise-database"]
    assert optimised.work.job_count == len(optimised.rounds_seconds) == 3
    assert optimised.work.job_seconds == pytest.approx(sum(optimised.rounds_seconds))
    assert optimised.work.cpu_seconds > 0
    assert optimised.work.item_count is None
    for name in ("scan-new-folder", "scan-unchanged-folder"):
        assert found[name].outcome is MeasurementOutcome.NOT_MEASURED
        assert "a server that stashbench starts only" in found[name].reason
    assert result.warnings == ()


def test_without_leave_nothing_is_changed(server, run_inside, latest):
    before = content_hash(server.database)
    run_inside(SUITES / "writes", "--stash-url", server.url, "--stash-quick")
    measurements = latest().measurements
    assert len(measurements) == 6
    assert {item.outcome for item in measurements} == {MeasurementOutcome.NOT_MEASURED}
    assert content_hash(server.database) == before


def test_after_an_error_midway_no_tag_is_left(server, audit, suite):
    before = content_hash(server.database)
    body = TAGS.replace(
        "BODY", "if len(calls) == 3: raise RuntimeError('midway')\n        tags.destroy(tags.id_of(answer))"
    )
    done, found, result = audit(suite(body, "bench_tags.py"))
    assert done.returncode == 1
    assert "midway" in found["tags"].reason
    assert found["tags"].outcome is MeasurementOutcome.FAILED
    assert content_hash(server.database) == before
    assert not [text for text in result.warnings if "does not hold" in text]


def test_tags_that_were_not_undone_are_removed_at_the_end(server, audit, suite):
    before = content_hash(server.database)
    _, found, _ = audit(suite(TAGS.replace("BODY", "pass"), "bench_tags.py"))
    assert found["tags"].outcome is MeasurementOutcome.OK
    assert "the database holds what it held" in found["tags"].proof
    assert content_hash(server.database) == before


def test_what_is_left_behind_fails_the_benchmark_or_is_warned_of(audit, suite):
    _, found, result = audit(suite(LEAVES.replace("NAME", "'a'").replace("END", "pass"), "bench_leaves.py"))
    assert "does not hold what it held before" in found["leaves"].reason
    assert found["leaves"].outcome is MeasurementOutcome.FAILED
    _, found, result = audit(suite(LEAVES.replace("NAME", "'b'").replace("END", "1 / 0"), "bench_leaves.py"))
    assert "division" in found["leaves"].reason
    assert any("does not hold what it held before" in text for text in result.warnings)


def test_a_scan_on_a_server_of_ours_adds_and_changes_nothing_else(run_inside, suite, latest):
    options = ("--stash-library", 100, "--stash-quick", "--allow-writes")
    done = run_inside(suite(SCAN, "bench_scan.py"), *options)
    assert done.returncode == 0, done.stdout + done.stderr
    result = latest()
    (found,) = result.measurements
    assert found.outcome is MeasurementOutcome.OK, found.reason
    assert found.proof.startswith("every row that was there before is as it was")
    work = found.work
    assert (work.job_count, work.items, work.item_count) == (2, "files", 6)
    assert work.items_per_second == pytest.approx(6 / work.job_seconds)
    assert work.cpu_seconds is not None
    assert [span.kind for span in result.spans if span.id == found.nodeid] == [SpanKind.BENCHMARK]


def test_costs_of_rounds_add_up_and_what_one_lacks_the_sum_lacks():
    use = ResourceUse(span_id="a", duration_seconds=1, cpu_seconds=0.5, peak_rss_bytes=7, not_measured=("io: no",))
    other = ResourceUse(span_id="b", duration_seconds=1, cpu_seconds=0.25, peak_rss_bytes=9, read_bytes=5)
    work = work_of([2.0, 3.0], [use, other], "files", 50)
    assert (work.job_seconds, work.items_per_second, work.cpu_seconds, work.peak_rss_bytes) == (5.0, 10.0, 0.75, 9)
    assert work.read_bytes is None
    assert work.not_measured == ("io: no",)
    assert work_of([0.0], [use], "", None).items_per_second is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"problem": "it was lost"}, "Scanning: it was lost"),
        ({"status": "CANCELLED"}, "ended as cancelled"),
        ({"status": "FAILED", "error": "no disk"}, "ended as failed: no disk"),
        ({"running_seconds": None}, "does not tell when"),
        ({"description": "", "problem": "x"}, "job 7: x"),
    ],
)
def test_a_job_without_a_good_end_is_no_measurement(changes, words):
    from types import SimpleNamespace

    from stashbench.errors import RequestError

    good = {"job_id": "7", "description": "Scanning...", "problem": "", "status": "FINISHED", "error": None}
    assert _seconds_of(SimpleNamespace(**good, running_seconds=1.5)) == 1.5
    with pytest.raises(RequestError, match=re.escape(words)):
        _seconds_of(SimpleNamespace(**{**good, "running_seconds": 1.5, **changes}))


def test_a_cell_is_told_in_words():
    assert str(Cell("scenes", 5, "updated_at")) == "scenes.updated_at of 5"
    assert Disregard() == Disregard(cells=frozenset())
