"""Statements run once more against the database: a lost index shows, a healthy twin does not, arguments stay inside."""

from __future__ import annotations

import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from stashbench.analyse.paired_work import judge_work, work_figures
from stashbench.collect import statement_work
from stashbench.collect.statement_work import NO_ARGUMENTS, UNREADABLE, count_work
from stashbench.model.baseline import Verdict
from stashbench.model.statement import StatementTrace
from stashbench.stash.client import StashClient
from stashbench.stash.log_line import Executed, LoggedStatement
from stashbench.stash.operations import load
from stashbench.stash.sql_trace import capture_each, traced
from stashbench.stash.statements import summarise_statements

SECRET = "Sekretwortkanarie"
RUNS = 3


def logged(sql, arguments="", shape=None):
    return LoggedStatement(shape or sql, 0.001, is_slow=False, executed=Executed(sql, arguments))


def work_of(database, *items):
    trace = summarise_statements("X", items, is_complete=True)
    return count_work(database, {7: trace}, {7: items})[7]


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "stash-go.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE scenes (id INTEGER PRIMARY KEY, title TEXT)")
    connection.executemany("INSERT INTO scenes (title) VALUES (?)", ((f"T {i}",) for i in range(100)))
    connection.commit()
    yield path
    connection.close()


def test_executions_are_added_up_by_statement(database):
    one = work_of(database, logged("SELECT title FROM scenes WHERE id = ?", "1"))
    assert one.uncounted_count == 0
    both = work_of(
        database,
        *[logged("SELECT title FROM scenes WHERE id = ?", str(number)) for number in (1, 2, 2)],
        logged("SELECT count(title) FROM scenes"),
    )
    assert both.sqlite_version
    assert both.work_reason == ""
    counts = {item.sql_shape: item for item in both.statements}
    assert counts["SELECT title FROM scenes WHERE id = ?"].vm_step_count == 3 * one.vm_step_count
    assert both.full_scan_step_count == 99
    assert both.vm_step_count == sum(item.vm_step_count for item in both.statements)


def test_what_cannot_be_counted_says_why_and_the_rest_is_counted(database):
    found = work_of(
        database,
        logged("SELECT count(*) FROM scenes"),
        logged("SELECT ? , ?", f"{SECRET} {SECRET} x"),
        logged("DELETE FROM scenes WHERE id = ?", "1"),
        LoggedStatement("UPDATE scenes SET title = ?", None, is_slow=False),
        logged("SELECT ?", "half \ud800"),
    )
    reasons = {item.sql_shape: item.work_reason for item in found.statements}
    assert reasons["SELECT count(*) FROM scenes"] == ""
    assert reasons["SELECT ? , ?"] == UNREADABLE
    assert reasons["DELETE FROM scenes WHERE id = ?"] == "it does more than reading"
    assert reasons["UPDATE scenes SET title = ?"] == NO_ARGUMENTS
    assert reasons["SELECT ?"]
    assert found.uncounted_count == 4
    assert found.work_reason.startswith("4 executions are not in the counts, mostly because ")
    assert found.vm_step_count > 0
    assert SECRET not in msgspec.json.encode(found).decode() + repr(found)


def test_without_a_database_nothing_is_counted_and_the_reason_is_told(tmp_path):
    found = work_of(tmp_path / "nothing.sqlite", logged("SELECT 1"))
    assert found.vm_step_count is None
    assert "There is no database at" in found.work_reason
    trace = StatementTrace(operation="X", is_available=False, reason="lost")
    assert count_work(tmp_path, {1: trace}, {}) == {1: trace}


def test_a_process_that_hangs_is_ended_and_what_it_counted_is_kept(database, monkeypatch):
    monkeypatch.setattr(statement_work, "LIMIT_SECONDS", 0.5)
    monkeypatch.setattr(statement_work, "_GRACE_SECONDS", 1.0)
    # A regular expression that goes astray holds SQLite for good: its steps do not go on, and nothing can stop it.
    found = work_of(
        database,
        logged("SELECT count(*) FROM scenes"),
        logged("SELECT ? REGEXP ?", f"{'a' * 60} (a+)+$".replace("$", "b")),
    )
    by_shape = {item.sql_shape: item for item in found.statements}
    assert by_shape["SELECT count(*) FROM scenes"].vm_step_count > 0
    assert by_shape["SELECT ? REGEXP ?"].vm_step_count is None
    assert "counting was ended" in found.work_reason


def test_a_server_at_work_is_not_disturbed(database):
    def write():
        connection = sqlite3.connect(database, timeout=0.05)
        for number in range(200):
            connection.execute("INSERT INTO scenes (title) VALUES (?)", (str(number),))
            connection.commit()
        connection.close()

    with ThreadPoolExecutor() as pool:
        writing = pool.submit(write)
        many = [logged("SELECT count(title) FROM scenes WHERE id > ?", str(number)) for number in range(500)]
        found = work_of(database, *many)
        writing.result()  # no "database is locked"
    assert found.uncounted_count == 0


def test_arguments_go_by_pipe_only_and_no_key_goes_at_all(database, monkeypatch):
    seen = {}
    run = subprocess.run

    def spy(command, **options):
        seen.update(options, command=command)
        return run(command, **options)

    monkeypatch.setenv("STASH_API_KEY", SECRET)
    monkeypatch.setattr(subprocess, "run", spy)
    work_of(database, logged("SELECT ?", SECRET))
    assert SECRET in seen["input"].decode()
    assert SECRET not in " ".join(seen["command"]) + " ".join(seen["env"].values())


def traces_of(server, *documents):
    """Return three runs of each document with their work."""
    traces, kept = {}, {}
    with StashClient(server.url) as client:
        requests = [
            traced(client.prepare(load(name), {"filter": {"per_page": 40, "q": "a"}}))
            for name in documents
            for _ in range(RUNS)
        ]
        capture_each(client, requests, traces.__setitem__, keep=kept.__setitem__)
    found = count_work(server.database, traces, kept)
    return [[found[RUNS * number + run] for run in range(RUNS)] for number in range(len(documents))]


def test_a_dropped_index_shows_in_steps_alone_and_a_healthy_twin_does_not(embedded_server):
    pages = ("tags", "scenes")
    servers = [embedded_server(), embedded_server(), embedded_server("drop-index=index_scenes_tags_on_tag_id")]
    with ThreadPoolExecutor() as pool:
        healthy, twin, ill = pool.map(lambda server: traces_of(server, *pages), servers)
    for one, other in zip(healthy, twin, strict=True):
        assert [trace.vm_step_count for trace in one] == [trace.vm_step_count for trace in other]
        assert judge_work(one, other)[0] is Verdict.UNCHANGED
        assert all(trace.uncounted_count == 0 for trace in one)
    verdict, words = judge_work(healthy[0], ill[0])
    assert verdict is Verdict.REGRESSED
    assert words.startswith("its statements take more steps in B: ")
    assert healthy[0][0].statement_count == ill[0][0].statement_count
    assert work_figures(ill[0]).vm_step_count > 2 * work_figures(healthy[0]).vm_step_count
    assert judge_work(ill[0], healthy[0])[0] is Verdict.IMPROVED
    assert judge_work(healthy[1], ill[1])[0] is Verdict.UNCHANGED  # a page that does not need the index
