"""Pages are timed again in short visits over the session; what was taken before an interruption or a kill is kept."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from stashbench.audit.recovery import recover_run
from stashbench.config.audit import AuditSettings
from stashbench.harness.session import AuditSession
from stashbench.model.measurement import MeasurementOutcome
from stashbench.store.journal import read_journal

PAGES = """
FLOOR = "query Floor { systemStatus { status } }"

def bench_floor(measure):
    measure.document(FLOOR, page="none", title="Floor")

def bench_scenes(measure):
    measure.document(
        "query Scenes { findScenes(filter: {per_page: 20}) { count scenes { id title } } }",
        page="scenes",
        title="Scenes",
    )
"""
QUICKLY = ("--stash-quick", "--stash-no-profile")
SECOND_LOOK = """
def audit_again(request, stash):
    from stashbench.harness.keys import SESSION_KEY
    session = request.config.stash[SESSION_KEY]
    nodeids = [item.nodeid for item in session.record.measurements]
    session.second = session.passes.remeasure([*nodeids, "nobody"], is_restarting=True, settle_seconds=0.3)
"""


@pytest.fixture
def session_of(monkeypatch):
    """Keep the sessions that begin."""
    kept = []

    def begin(self, *arguments, **options):
        original(self, *arguments, **options)
        kept.append(self)

    original = AuditSession.__init__
    monkeypatch.setattr(AuditSession, "__init__", begin)
    return kept


def test_samples_lie_over_the_session_and_are_those_of_benchmark_json(server, run_inside, suite, latest, tmp_path):
    done = run_inside(suite(PAGES, "bench_pages.py"), "--stash-url", server.url, *QUICKLY)
    assert done.returncode == 0, done.stdout + done.stderr
    result = latest()
    assert isinstance(result.seed, int)
    (span,) = [span for span in result.spans if span.id == "passes"]
    for item in result.measurements:
        assert item.outcome is MeasurementOutcome.OK
        assert sum(visit.sample_count for visit in item.visits) == len(item.rounds_seconds) == item.statistics.count
        assert len(item.visits) >= 2
        assert {visit.process for visit in item.visits} == {0}
        assert [visit.round for visit in item.visits] == sorted({visit.round for visit in item.visits})
        first, *others = item.visits
        assert first.round == 0
        assert first.sample_count <= sum(visit.sample_count for visit in others) * 2
        assert all(span.begin_seconds <= visit.began_seconds <= span.end_seconds for visit in others)
    document = json.loads((tmp_path / "reports" / "latest" / "benchmark.json").read_text())
    by_name = {entry["name"]: entry["stats"] for entry in document["benchmarks"]}
    for item in result.measurements:
        stats = by_name["bench_" + item.id]
        assert tuple(stats["data"]) == item.rounds_seconds
        assert stats["rounds"] == len(item.rounds_seconds)
        assert stats["min"] == min(item.rounds_seconds)
    told = subprocess.run(
        [sys.executable, "-m", "pytest_benchmark", "compare", tmp_path / "reports" / "latest" / "benchmark.json"],
        check=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "bench_scenes" in told.stdout


def test_ctrl_c_in_a_pass_keeps_what_was_taken(server, run_inside, suite, latest, monkeypatch):
    def stop(self, nodeid, visit, rounds_seconds):
        original(self, nodeid, visit, rounds_seconds)
        if visit.round == 3:
            self.was_interrupted = True
            raise KeyboardInterrupt

    original = AuditSession.keep_visit
    monkeypatch.setattr(AuditSession, "keep_visit", stop)
    done = run_inside(suite(PAGES, "bench_pages.py"), "--stash-url", server.url, *QUICKLY)
    assert done.returncode == 128 + signal.SIGINT
    result = latest()
    assert result.partial
    assert "the pages were not timed as often as planned" in " ".join(result.partial_reasons)
    rounds = [max(visit.round for visit in item.visits) for item in result.measurements]
    assert max(rounds) == 3
    assert all(
        sum(visit.sample_count for visit in item.visits) == item.statistics.count for item in result.measurements
    )


def test_a_kill_in_a_pass_loses_nothing(server, run_inside, suite, tmp_path, monkeypatch):
    monkeypatch.setattr(AuditSession, "forget_journal", lambda _self: None)

    def lose(self, nodeid, **changes):
        """The kill comes before the end of the passes."""

    monkeypatch.setattr(AuditSession, "update_measurement", lose)
    run_inside(suite(PAGES, "bench_pages.py"), "--stash-url", server.url, *QUICKLY)
    (folder,) = (tmp_path / "reports").glob("2*")
    kept = read_journal(folder)
    assert kept.header.seed is not None
    assert all(len(item.visits) >= 2 for item in kept.measurements)
    assert all(item.statistics.count == item.visits[0].sample_count for item in kept.measurements)
    (folder / "result.json").unlink()
    result, problems = recover_run(folder, AuditSettings(report_directory=tmp_path / "reports", baseline="none"))
    assert problems == ()
    assert result.seed == kept.header.seed
    for item in result.measurements:
        assert item.statistics.count == len(item.rounds_seconds) == sum(visit.sample_count for visit in item.visits)


def test_a_page_that_fails_in_a_pass_has_failed(server, run_inside, suite, latest, monkeypatch, tmp_path):
    from stashbench.errors import RequestError
    from stashbench.harness import visiting

    def visit(client, page, sample_count, **options):
        if "floor" in page.nodeid:
            message = "the server answered Floor with errors"
            raise RequestError(message)
        return original(client, page, sample_count, **options)

    original = visiting.make_visit
    monkeypatch.setattr(visiting, "make_visit", visit)
    done = run_inside(suite(PAGES, "bench_pages.py"), "--stash-url", server.url, *QUICKLY)
    assert done.returncode == 1
    floor, scenes = latest().measurements
    assert (floor.outcome, floor.statistics) == (MeasurementOutcome.FAILED, None)
    assert "when it was timed again: the server answered Floor with errors" in floor.reason
    assert (scenes.outcome, len(scenes.visits) >= 2) == (MeasurementOutcome.OK, True)
    document = json.loads((tmp_path / "reports" / "latest" / "benchmark.json").read_text())
    assert [entry["name"] for entry in document["benchmarks"]] == ["bench_scenes"]


def test_a_second_look_meets_new_processes_of_our_server(run_inside, suite, latest, session_of):
    folder = suite(PAGES, "bench_pages.py")
    suite(SECOND_LOOK, "bench_second.py")
    done = run_inside(folder, "--stash-library", "100", *QUICKLY)
    assert "Traceback" not in done.stdout + done.stderr
    (session,) = session_of
    looks = session.second
    assert looks.pop("nobody").reason
    assert len(looks) == 2
    for nodeid, look in looks.items():
        (item,) = [item for item in latest().measurements if item.nodeid == nodeid]
        assert not look.reason
        assert len(look.rounds_seconds) >= len(item.rounds_seconds)
        assert sum(visit.sample_count for visit in look.visits) == len(look.rounds_seconds)
        assert {visit.process for visit in look.visits} == {1, 2}
        assert {visit.process for visit in item.visits} == {0}
        assert min(visit.round for visit in look.visits) > max(visit.round for visit in item.visits)
    assert [span.id for span in latest().spans if "second" in span.id and "look" in span.id] == [
        "second-look-1",
        "second-look-2",
    ]


def test_a_second_look_at_somebody_elses_server_waits(server, run_inside, suite, session_of, monkeypatch):
    waited = []
    monkeypatch.setattr("stashbench.harness.progress.Silent.waiting", lambda _self, *told: waited.append(told))
    monkeypatch.setattr("stashbench.harness.progress.TellsOfWaiting.waiting", lambda _self, *told: waited.append(told))
    folder = suite(PAGES, "bench_pages.py")
    suite(SECOND_LOOK, "bench_second.py")
    run_inside(folder, "--stash-url", server.url, *QUICKLY)
    (session,) = session_of
    assert {visit.process for look in session.second.values() for visit in look.visits} == {0}
    assert all(0 < seconds <= 0.3 and "second look" in reason for seconds, reason in waited)
    assert waited
