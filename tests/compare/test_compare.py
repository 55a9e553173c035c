"""Real comparisons of embedded servers, from the command line to the files; short ones, so no fine verdicts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stashbench.compare.options import Options, Silent
from stashbench.compare.publish import read_comparison
from stashbench.compare.run import Comparison
from stashbench.compare.side import Side
from stashbench.config.target import TargetSettings
from stashbench.errors import StoreError
from stashbench.model.baseline import Verdict
from stashbench.target.library import generate_library

SUITE = Path(__file__).parent.parent.parent / "suites" / "benchmarks"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("STASH", "GITHUB_", "PYTEST_"))}


def begin(folder, *arguments, **environment):
    command = [sys.executable, "-m", "stashbench", "compare", *map(str, arguments), "--out", str(folder / "reports")]
    return subprocess.Popen(
        command, cwd=folder, env=CLEAN | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def run(folder, *arguments, **environment):
    with begin(folder, *arguments, "--json", "out.json", **environment) as process:
        out, err = process.communicate(timeout=90)
    path = folder / "out.json"
    return process.returncode, out, err, read_comparison(path) if path.exists() else None


@pytest.fixture
def refused(tmp_path, capfd, monkeypatch):
    """Call the command inside this process with what it must refuse; give its exit status and what it said of it."""
    from stashbench.cli import main

    def call(*arguments):
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name in os.environ.keys() - CLEAN.keys():
                patch.delenv(name)
            with pytest.raises(SystemExit) as ended:
                main(["compare", *map(str, arguments), "--out", str(tmp_path / "reports"), "--json", "out.json"])
        _, err = capfd.readouterr()
        assert not (tmp_path / "out.json").exists()
        assert not (tmp_path / "reports").exists()
        assert "Traceback" not in err
        return ended.value.code, " ".join(err.split())

    return call


def test_what_one_side_does_slower_is_named_and_fails_the_build(shared_server, tmp_path):
    a, b = shared_server(), shared_server("latency=SystemStatus:30")
    budget = ("--budget", 3, "-k", "floor or configuration", "--suite", SUITE, "--no-profile")
    status, out, err, document = run(tmp_path, a.url, b.url, *budget, "--fail-on", "regression")
    assert (status, err) == (1, "")
    found = {item.id: item for item in document.benchmarks}
    assert found["latency-floor"].verdict is Verdict.REGRESSED
    assert found["latency-floor"].ratio > 5
    assert found["configuration"].verdict is not Verdict.REGRESSED
    assert found["latency-floor"].b.median_seconds > 0.03
    assert document.verdict.startswith("B is slower on 1 of 2 pages: Latency floor")
    assert "B is slower on 1 of 2 pages" in " ".join(out.split())
    assert not document.partial
    folder = tmp_path / "reports" / document.run_id
    assert {path.name for path in folder.iterdir()} == {"compare.json", "compare.html", "compare.md"}
    assert read_comparison(folder / "compare.json") == document


def test_the_document_holds_counters_resources_and_raw_samples(shared_server, tmp_path):
    a, b = shared_server(), shared_server("n-plus-one=FindTags")
    options = ("--budget", 2, "-k", "bench_tags and not depth", "--suite", SUITE)
    status, _, err, document = run(tmp_path, a.url, b.url, *options)
    assert (status, err) == (0, "")
    tags = next(item for item in document.benchmarks if item.id == "tags")
    assert tags.work_verdict is Verdict.REGRESSED, (tags.a.statement_reason, tags.b.statement_reason)
    assert tags.b.statement_count >= tags.a.statement_count + 40
    assert tags.statement_changes
    assert tags.a.row_count == tags.b.row_count == 40
    assert tags.a.response_bytes == tags.b.response_bytes > 1000
    assert tags.a.cpu_seconds > 0
    assert tags.a.rss_bytes > 10_000_000
    assert document.a.peak_rss_bytes > 10_000_000
    assert document.sigma > 0
    assert document.detection_limit > 1
    for index, item in enumerate(document.benchmarks):
        for side, figures in (("a", item.a), ("b", item.b)):
            taken = [
                ns
                for block in document.blocks
                if (block.benchmark, block.side) == (index, side)
                for ns in block.samples_ns
            ]
            assert len(taken) == figures.sample_count > 0


@pytest.mark.slow
def test_servers_of_ours_are_started_anew_between_rounds(tmp_path):
    settings = TargetSettings(library_scene_count=100)
    sides = [Side(letter, letter.upper(), "embedded", settings) for letter in "ab"]
    options = Options(
        suites=(SUITE,),
        expression="floor or cover",
        budget_seconds=2.0,
        round_count=4,
        renewal_share=20.0,
        is_tracing=False,
    )
    document = Comparison(*sides, options, Silent()).run()
    assert document.a.is_renewed
    assert document.a.process_count == document.b.process_count >= 4
    processes = {block.process for block in document.blocks}
    assert processes == set(range(document.a.process_count))
    assert document.minimum_effect == 1.02
    assert document.a.cpu_seconds > 0
    assert all(
        side.used_cpu_seconds() > side_document.cpu_seconds
        for side, side_document in zip(sides, (document.a, document.b), strict=True)
    )


def test_other_libraries_are_refused_and_compared_only_on_demand(shared_server, tmp_path):
    a, b = shared_server(scene_count=200), shared_server(scene_count=100)
    options = ("--budget", 3, "-k", "bench_scenes_by_date or floor", "--suite", SUITE, "--no-profile")
    status, _, err, document = run(tmp_path, a.url, b.url, *options)
    assert status == 2
    assert "200 scenes against 100" in err
    assert "--allow-different-libraries" in err
    assert document is None
    status, _, _, document = run(tmp_path, a.url, b.url, *options, "--allow-different-libraries")
    assert status == 0
    by_date = next(item for item in document.benchmarks if item.id == "scenes-by-date")
    assert by_date.verdict is Verdict.NOT_COMPARABLE
    assert "A finds 200 in all, B 100" in by_date.reason
    assert any("the libraries differ" in text for text in document.warnings)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_comparison_keeps_what_it_measured(shared_server, tmp_path, number, status):
    a = shared_server()
    options = ("--budget", 25, "-k", "floor or cover or detail", "--suite", SUITE, "--no-profile")
    with begin(tmp_path, a.url, a.url, *options) as process:
        deadline = time.monotonic() + 60
        for line in process.stdout:
            if "round 3" in line or time.monotonic() > deadline:
                break
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (status, "")
    assert "Partial: the run was interrupted" in out
    (path,) = (tmp_path / "reports").glob("*/compare.json")
    document = read_comparison(path)
    assert document.partial
    assert document.blocks
    assert 0 < sum(stage.duration_seconds for stage in document.stages) < document.wall_seconds
    assert all(item.a.sample_count == item.b.sample_count for item in document.benchmarks)


@pytest.mark.slow
def test_a_lost_server_ends_the_run_with_what_there_is(embedded_server, tmp_path):
    a, b = embedded_server(), embedded_server()
    options = ("--budget", 25, "-k", "floor or cover or detail", "--suite", SUITE, "--no-profile")
    with begin(tmp_path, a.url, b.url, *options) as process:
        for line in process.stdout:
            if "round 2" in line:
                break
        os.kill(b.pid, signal.SIGKILL)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "Partial: a server was lost" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("embedded", "nothing-there"), 2, "is no target"),
        (("embedded", "http://127.0.0.1:9"), 3, "127.0.0.1:9"),
        (("embedded",), 2, "Give two targets to compare"),
        (("embedded", "embedded:no-such-fault"), 2, "no-such-fault"),
        (("embedded", "embedded", "-k", "nothing_of_this_name"), 2, "No benchmark matches"),
        (("embedded", "embedded", "--suite", "missing"), 2, "there is no suite at missing"),
    ],
)
def test_what_cannot_be_compared_is_one_clear_sentence(refused, arguments, status, words):
    found, said = refused(*arguments, "--stash-library", 100)
    assert found == status
    assert words in said


@pytest.mark.slow
def test_keys_of_each_side_are_used_and_never_shown(embedded_server, tmp_path):
    from stashbench.model.secret import Secret

    a, b = (embedded_server(api_key=Secret(f"swordfish-of-{side}")) for side in "ab")
    options = ("--budget", 2, "-k", "floor", "--suite", SUITE, "--no-profile")
    status, out, err, document = run(
        tmp_path, a.url, b.url, *options, STASH_API_KEY_A="swordfish-of-a", STASH_API_KEY_B="swordfish-of-b"
    )
    assert (status, err) == (0, "")
    assert document.benchmarks[0].ratio is not None
    written = "".join(path.read_text() for path in (tmp_path / "reports").rglob("*.*"))
    assert "swordfish" not in out + written
    status, _, err, _ = run(tmp_path, a.url, b.url, *options, STASH_API_KEY="swordfish-of-a")
    assert status == 3
    assert "swordfish" not in err


def test_a_document_that_is_none_is_told(tmp_path):
    path = tmp_path / "compare.json"
    with pytest.raises(StoreError, match="cannot be read"):
        read_comparison(path)
    path.write_text("{}")
    with pytest.raises(StoreError, match="no comparison"):
        read_comparison(path)


def test_one_program_given_once_is_compared_under_two_environments(tmp_path):
    options = ("-k", "floor", "--suite", SUITE, "--no-profile", "--budget", 1, "--stash-library", 100)
    extra = ("--env-b", "STASH_SQLITE_CACHE_SIZE=-64000", "--env-b=OTHER=hush")
    status, out, err, document = run(tmp_path, "embedded", *extra, *options)
    assert (status, err) == (0, "")
    assert document.a.setup == ()
    assert document.b.setup == ("OTHER in its environment", "STASH_SQLITE_CACHE_SIZE=-64000 in its environment")
    assert "with STASH_SQLITE_CACHE_SIZE=-64000 in its environment" in " ".join(out.split())
    written = "".join(path.read_text() for path in (tmp_path / "reports" / document.run_id).iterdir())
    assert "hush" not in out + written


def test_a_given_database_is_served_from_a_copy_that_is_gone_afterwards(tmp_path):
    mine = tmp_path / "mine.sqlite"
    generate_library(mine, scene_count=120, seed=3)
    before = mine.read_bytes()
    (tmp_path / "tmp").mkdir()
    options = ("-k", "floor", "--suite", SUITE, "--no-profile", "--budget", 1, "--stash-library", 100)
    given = ("--database-a", mine, "--database-b", mine)
    status, _, err, document = run(tmp_path, "embedded", "embedded", *given, *options, TMPDIR=str(tmp_path / "tmp"))
    assert (status, err) == (0, "")
    assert document.a.target.library.scene_count == 120
    assert document.a.target.library_seed is None
    assert document.a.setup == (f"a copy of {mine} as its database",)
    assert mine.read_bytes() == before
    assert [path.name for path in tmp_path.glob("mine.sqlite*")] == ["mine.sqlite"]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["embedded"], "Give two targets to compare, or one and what differs"),
        (["embedded", "--env-b", "STASH_API_KEY=hush"], "secrets are not for command lines"),
        (["embedded", "--env-b", "STASH_DATABASE=/x"], "stays ours"),
        (["http://127.0.0.1:1", "--env-b", "A=1"], "A server at an address is not started by us"),
    ],
)
def test_what_no_side_may_be_given_is_refused_before_anything_starts(refused, given, said):
    status, err = refused(*given)
    assert status == 2
    assert said in err
    assert "hush" not in err
