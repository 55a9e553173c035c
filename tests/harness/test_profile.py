"""The profiling pass in whole audits: every request's statements, once, apart, and never a word of their arguments."""

from __future__ import annotations

import json
import signal

import msgspec
import pytest

from stashbench.harness import profile
from stashbench.harness.session import AuditSession
from stashbench.model.sample import SpanKind
from stashbench.model.statement import StatementTrace
from stashbench.stash import sql_trace
from stashbench.store import baselines
from stashbench.store.journal import read_journal
from stashbench.store.results import read_result

SECRET = "Sekretwortkanarie"
PAGES = f"""
from pathlib import Path

def bench_scenes(measure):
    measure("scenes", {{"filter": {{"per_page": 40}}}}, page="Scenes", title="Scenes")

def bench_search(measure):
    measure("scenes", {{"filter": {{"q": "{SECRET}", "per_page": 40}}}}, page="Scenes", title="Search")

def bench_floor(measure):
    measure("system_status", page="none", title="Floor")

def bench_cover(measure, library):
    measure.get(f"/scene/{{library.scene_id}}/screenshot", page="Scenes", title="Cover")

def bench_broken(measure):
    measure.get("/nothing-there", page="Scenes", title="Broken")
"""


def by_id(result):
    return {item.id: item for item in result.measurements}


def test_each_measured_request_has_its_statements(server, run_inside, suite, latest, monkeypatch, tmp_path):
    monkeypatch.setattr(AuditSession, "forget_journal", lambda _self: None)
    done = run_inside(suite(PAGES, "bench_pages.py"), "--stash-url", server.url, "--stash-quick")
    result = latest()
    found = by_id(result)
    assert found["floor"].trace.statement_count == 0
    assert found["scenes"].trace.statement_count > 40
    assert found["search"].trace.statement_count == 2
    assert found["cover"].trace.statement_count >= 1
    assert found["broken"].trace is None
    assert all(item.trace.is_clean for name, item in found.items() if name != "broken")
    assert found["scenes"].row_count == 40
    assert found["scenes"].trace.most_repeated.count >= 40

    (span,) = [span for span in result.spans if span.id == "profile"]
    others = [other for other in result.spans if other is not span]
    assert (span.id, span.label) == ("profile", profile.LABEL)
    assert span.begin_seconds >= max(other.end_seconds for other in others) - 0.001
    assert any(use.span_id == "profile" for use in result.resources)

    folder = tmp_path / "reports" / result.run_id
    notes = {
        item["name"]: item["extra_info"] for item in json.loads((folder / "benchmark.json").read_text())["benchmarks"]
    }
    assert notes["bench_scenes"]["statement_count"] == found["scenes"].trace.statement_count
    assert notes["bench_scenes"]["are_statements_certain"] is True
    report = (folder / "report.html").read_text()
    assert "Pages by number of SQL statements" in report
    assert "for each of 40 rows" in report
    # A killed run would have kept the same.
    kept = read_journal(folder)
    assert {item.id: item.trace for item in kept.measurements} == {name: item.trace for name, item in found.items()}
    assert kept.logged.sources == result.log_sources
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"journal.jsonl", "result.json", "report.html", "summary.md", "junit.xml"}
    assert [path.name for path in files if SECRET in path.read_text(errors="replace")] == []
    assert SECRET not in done.stdout + done.stderr


def test_without_profiling_there_is_the_reason_and_nothing_else(server, run_inside, suite, latest):
    folder = suite(PAGES, "bench_pages.py")
    run_inside(folder, "--stash-url", server.url, "--stash-quick", "--stash-no-profile", "-k", "floor")
    result = latest()
    assert by_id(result)["floor"].trace == StatementTrace(
        operation="SystemStatus", is_available=False, reason=profile.SWITCHED_OFF
    )
    assert [span.id for span in result.spans if span.kind is SpanKind.OPERATION] == ["passes"]
    assert not result.partial


def test_slow_requests_are_not_repeated(server, run_inside, suite, latest, monkeypatch):
    monkeypatch.setattr(profile, "SLOWEST_SECONDS", 0.0)
    run_inside(suite(PAGES, "bench_pages.py"), "--stash-url", server.url, "--stash-quick", "-k", "floor")
    trace = by_id(latest())["floor"].trace
    assert not trace.is_available
    assert "are not run once more" in trace.reason


def test_statements_are_journalled_one_by_one(server, run_inside, suite, tmp_path, monkeypatch):
    seen = []

    def capture(_client, requests, report, **_options):
        for index, request in enumerate(requests):
            report(index, StatementTrace(operation=request.name, is_available=True, statement_count=7))
            (folder,) = (tmp_path / "reports").glob("2*")
            seen.append([item.trace is not None for item in read_journal(folder).measurements])
        return sql_trace.Capture()

    monkeypatch.setattr(sql_trace, "capture_each", capture)
    run_inside(suite(PAGES, "bench_pages.py"), "--stash-url", server.url, "--stash-quick", "-k", "scenes or floor")
    assert seen == [[True, False], [True, True]]


def test_a_log_nobody_offers_is_told_for_each_page(server, run_inside, suite, latest, monkeypatch):
    monkeypatch.setattr("stashbench.model.target.Target.can", lambda _self, _facility: False)
    run_inside(suite(PAGES, "bench_pages.py"), "--stash-url", server.url, "--stash-quick", "-k", "floor")
    trace = by_id(latest())["floor"].trace
    assert not trace.is_available
    assert trace.reason


def test_ctrl_c_in_the_pass_keeps_the_measurements_and_says_what_is_missing(server, start, suite, latest):
    folder = suite(PAGES, "bench_pages.py")
    words = ("stashbench", "audit", "--suite", folder, "--stash-url", server.url, "--quick", "-k", "scenes or floor")
    with start(*words) as process:
        for line in process.stdout:
            if line.startswith("reading the SQL statements of 2 pages"):
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    result = latest()
    assert result.partial_reasons == (
        "the run was interrupted: the statements of 2 of 2 pages were not read from the log",
    )
    assert [item.trace for item in result.measurements] == [None, None]
    assert all(item.statistics is not None for item in result.measurements)
    assert any(span.id == "profile" for span in result.spans)
    assert "Traceback" not in err


def test_a_changed_number_of_statements_is_said(server, run_inside, suite, latest, tmp_path, run):
    folder = suite(PAGES, "bench_pages.py")
    run_inside(folder, "--stash-url", server.url, "--stash-quick", "-k", "scenes or floor")
    kept = run("stashbench", "baseline", "save", "before")
    assert kept.returncode == 0, kept.stderr
    before_session = baselines.load(tmp_path / "baselines", "before")
    count = by_id(latest())["scenes"].trace.statement_count
    pages = {item.id: item for item in before_session.measurements}
    trace = pages["scenes"].trace
    assert trace.statement_count == count
    repeated = max(trace.statements, key=lambda statement: statement.count)
    fewer = msgspec.structs.replace(
        trace,
        statement_count=count - repeated.count,
        statements=tuple(statement for statement in trace.statements if statement != repeated),
    )
    pages["scenes"] = msgspec.structs.replace(pages["scenes"], trace=fewer)
    changed = msgspec.structs.replace(before_session, measurements=tuple(pages.values()))
    baselines.save(tmp_path / "baselines", changed)
    done = run_inside(
        folder, "--stash-url", server.url, "--stash-quick", "--stash-baseline", "before", "-k", "scenes or floor"
    )
    result = read_result(tmp_path / "reports" / "latest")
    scenes, floor = (
        next(item for item in result.comparisons if item.benchmark_id == name) for name in ("scenes", "floor")
    )
    before = count - repeated.count
    assert (scenes.baseline_statement_count, scenes.current_statement_count) == (before, pytest.approx(count, abs=5))
    assert scenes.statement_change.startswith(f"{before:,} → ")
    assert (floor.baseline_statement_count, floor.current_statement_count, floor.statement_change) == (0, 0, "")
    report = (tmp_path / "reports" / "latest" / "report.html").read_text()
    assert f"{before:,} → " in report
    assert f"scenes {before:,} before" in done.stdout
