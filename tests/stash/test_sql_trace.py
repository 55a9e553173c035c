from __future__ import annotations

import importlib.util
import json
import threading
from pathlib import Path

import pytest

from stashbench.stash import sql_trace
from stashbench.stash.client import StashClient
from stashbench.stash.log_stream import parse_time
from stashbench.stash.sql_trace import capture_all, capture_statements

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("log_server", HERE / "log_server.py")
log_server = importlib.util.module_from_spec(spec)
spec.loader.exec_module(log_server)

RECORDING = HERE.parent / "data" / "recordings" / "stash-v0.22.1-statements-small.jsonl"
PAGES = {
    entry["operation"].replace(" ", ""): entry["log"] for entry in map(json.loads, RECORDING.read_text().splitlines())
}


@pytest.fixture(autouse=True)
def _short_batches(monkeypatch):
    monkeypatch.setattr(sql_trace, "BATCH_SECONDS", 0.25)
    monkeypatch.setattr(sql_trace, "QUIET_SECONDS", 0.2)


def trace(server, *names):
    with StashClient(server.url, server.api_key) as client:
        requests = [client.prepare(f"query {name} {{ ok }}") for name in names]
        return capture_all(client, requests)


def test_recorded_pages_get_their_own_statements():
    with log_server.LogServer(PAGES) as server:
        floor, stats, page, tags = trace(server, "floor", "stats", "pagedate", "tagspagecounts")
    assert (floor.is_available, floor.statement_count, floor.statements) == (True, 0, ())
    for found, name in ((stats, "stats"), (page, "pagedate"), (tags, "tagspagecounts")):
        assert found.is_available
        assert found.is_complete
        assert not found.has_foreign_traffic
        assert found.reason == ""
        assert found.statement_count == len(PAGES[name]) == sum(statement.count for statement in found.statements)
        assert found.latency_seconds > 0
    assert stats.most_repeated.count == 1
    assert stats.logged_seconds == pytest.approx(980.003e-6, abs=1e-9)
    assert tags.most_repeated.count == 40
    assert tags.slowest.sql_shape.startswith("SELECT COUNT(*) as count FROM")


def test_statements_of_others_are_seen_and_said():
    with log_server.LogServer(PAGES) as server:
        stop = threading.Event()

        def work():
            while not stop.wait(0.02):
                server.log("SQL [1ms]: SELECT a FROM b WHERE c = ?, args: [My Private Film]")

        other = threading.Thread(target=work)
        other.start()
        (found,) = trace(server, "stats")
        stop.set()
        other.join()
    assert found.is_available
    assert found.has_foreign_traffic
    assert "other clients or jobs" in found.reason
    assert "My Private Film" not in repr(found)


def test_lost_lines_are_said():
    with log_server.LogServer(PAGES) as server:
        server.loses = lambda message: "mark" in message and "COUNT" in message and "stats" in server.operations
        found = trace(server, "stats", "pagedate")
    assert not any(each.is_complete for each in found)
    assert all("lines of the log were lost" in each.reason for each in found)


def test_lost_marks_leave_the_request_without_statements():
    with log_server.LogServer(PAGES) as server, StashClient(server.url) as client:
        server.loses = lambda message: "mark" in message and "stats" in server.operations
        found = capture_all(client, [client.prepare("query stats { ok }")], timeout_seconds=0.5)[0]
    assert not found.is_available
    assert "lost the lines around" in found.reason
    assert found.statement_count is None


def test_a_log_without_statements_is_not_available():
    with log_server.LogServer(PAGES, loses=lambda message: "SQL" in message) as server:
        (found,) = trace(server, "stats")
    assert not found.is_available
    assert "does not carry its SQL statements" in found.reason
    assert "stats" not in server.operations


def test_a_server_without_subscriptions_is_not_available():
    with log_server.LogServer(PAGES, has_log=False) as server:
        (found,) = trace(server, "stats")
    assert not found.is_available
    assert "opens no subscription" in found.reason


def test_a_server_that_is_not_there_is_not_available(free_port):
    client = StashClient(f"http://127.0.0.1:{free_port}")
    found = capture_statements(client, client.prepare("query stats { ok }"))
    assert not found.is_available
    assert found.reason


def test_a_failing_request_does_not_spoil_the_others():
    with log_server.LogServer(PAGES) as server:
        broken, stats = trace(server, "Broken", "stats")
    assert (broken.is_available, broken.reason) == (False, "The request Broken failed: boom")
    assert stats.statement_count == len(PAGES["stats"])


def test_the_key_reaches_the_log_and_no_thread_stays():
    with log_server.LogServer(PAGES, api_key="planted.key") as server:
        (found,) = trace(server, "stats")
        assert found.is_available
        assert not [thread for thread in threading.enumerate() if thread.name == "subscription"]


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("2026-11-23T11:13:09.327140568Z", 1795432389327140568),
        ("2026-11-23T12:13:09.32714+01:00", 1795432389327140000),
        ("2026-11-23T11:13:09Z", 1795432389000000000),
    ],
)
def test_times_keep_all_their_digits(text, nanoseconds):
    assert parse_time(text) == nanoseconds
