from __future__ import annotations

import importlib.util
import json
import threading
from pathlib import Path

import pytest

from stashbench.errors import TargetUnreachableError
from stashbench.stash import attribution, sql_trace
from stashbench.stash.client import StashClient
from stashbench.stash.log_stream import parse_time
from stashbench.stash.sql_trace import capture_all, capture_each, capture_statements, traced, traced_get

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


def test_a_long_request_is_marked_on_the_way_and_keeps_its_count():
    with log_server.LogServer(PAGES, seconds={"stats": 1.0}) as server:
        (found,) = trace(server, "stats")
        marks = server.operations[server.operations.index("stats") :].count("Mark")
    assert marks >= 3  # the one at its end, and those on the way
    assert found.is_clean
    assert found.statement_count == len(PAGES["stats"])


def test_lines_lost_in_the_midst_of_a_long_request_are_noticed():
    with log_server.LogServer(PAGES, seconds={"stats": 1.2}) as server:
        begun = []
        server.before_answer = begun.append

        def loses(_message):
            # From the first mark in its midst until its answer: the marks around it come through.
            return "stats" in server.operations and "stats" not in begun and server.operations[-1] == "Mark"

        server.loses = loses
        (found,) = trace(server, "stats")
    assert found.is_available
    assert not found.is_complete
    assert found.statement_count < len(PAGES["stats"])


def disturb(server, is_disturbed):
    """Log others' statements while `is_disturbed()`, until the context of the returned thread's event ends."""
    stop = threading.Event()

    def work():
        while not stop.wait(0.01):
            if is_disturbed():
                server.log("SQL [1ms]: SELECT a FROM b WHERE c = ?, args: [My Private Film]")

    thread = threading.Thread(target=work)
    thread.start()
    return stop, thread


def test_a_disturbed_request_is_run_again_and_the_clean_run_is_shown(monkeypatch):
    # The silence between two runs is shorter here, too.
    monkeypatch.setattr(attribution, "NEAR_NANOSECONDS", 100_000_000)
    with log_server.LogServer(PAGES, seconds={"pagedate": 0.2}) as server, StashClient(server.url) as client:
        stop, thread = disturb(server, lambda: server.operations.count("pagedate") < 2)
        requests = [client.prepare(f"query {name} {{ ok }}") for name in ("stats", "pagedate")]
        seen = []
        capture_each(client, [traced(one) for one in requests], lambda *told: seen.append(told), attempts=3)
        stop.set()
        thread.join()
    latest = dict(seen)
    assert latest[1].is_clean, latest[1].reason
    assert latest[1].run_count > 1
    assert latest[1].chosen_run > 1
    assert f"run {latest[1].run_count} times" in latest[1].reason
    assert latest[1].statement_count == len(PAGES["pagedate"])
    assert next(told.is_clean for index, told in seen if index == 1) is False


def test_where_others_never_rest_the_shortest_run_is_shown_and_doubted():
    with log_server.LogServer(PAGES) as server, StashClient(server.url) as client:
        stop, thread = disturb(server, lambda: True)
        (found,) = capture_all(client, [client.prepare("query stats { ok }")], attempts=3)
        count = server.operations.count("stats")
        stop.set()
        thread.join()
    assert count == found.run_count == 3
    assert found.has_foreign_traffic
    assert found.foreign_count > 0
    assert found.statement_count >= len(PAGES["stats"])


def test_a_failing_request_is_not_repeated():
    with log_server.LogServer(PAGES) as server, StashClient(server.url) as client:
        (found,) = capture_all(client, [client.prepare("query Broken { ok }")], attempts=3)
        assert server.operations.count("Broken") == 1
    assert not found.is_available


def test_what_is_certain_is_told_on_the_way_and_survives_an_interrupt(monkeypatch):
    monkeypatch.setattr(sql_trace, "BATCH_SECONDS", 0.1)
    names = ["stats", "pagedate", "floor", "stats", "pagedate", "floor"]
    seen = {}

    def interrupt(index):
        if index == 4:
            raise KeyboardInterrupt

    with (
        log_server.LogServer(PAGES, seconds={"stats": 0.5, "pagedate": 0.5}) as server,
        StashClient(server.url) as client,
    ):
        requests = [traced(client.prepare(f"query {name} {{ ok }}")) for name in names]
        with pytest.raises(KeyboardInterrupt):
            capture_each(client, requests, seen.__setitem__, starting=interrupt)
    assert {0, 1} <= seen.keys() <= {0, 1, 2, 3}
    for index, found in seen.items():
        assert found.is_clean
        assert found.statement_count == len(PAGES.get(names[index], ()))


def test_a_server_that_goes_away_costs_only_what_was_not_run():
    seen = {}
    with log_server.LogServer(PAGES) as server, StashClient(server.url) as client:

        def starting(index):
            if index == 1:
                server.has_log = False
                client.connection.close()
                client.connection.post = gone

        def gone(_body):
            message = "the server is gone"
            raise TargetUnreachableError(message)

        requests = [traced(client.prepare(f"query {name} {{ ok }}")) for name in ("stats", "pagedate", "floor")]
        capture = capture_each(client, requests, seen.__setitem__, starting=starting)
    assert capture.stopped == "the server is gone"
    assert seen[0].statement_count == len(PAGES["stats"])
    assert not seen[1].is_available
    assert seen[2].reason == "it was not run: the server is gone"


def test_a_broken_connection_costs_a_second_run_and_no_count(monkeypatch):
    monkeypatch.setattr(attribution, "NEAR_NANOSECONDS", 0)
    names = ["stats", "pagedate", "tagspagecounts"]
    seen = {}
    with log_server.LogServer(PAGES, seconds={"pagedate": 0.5}) as server, StashClient(server.url) as client:

        def cut(name):
            server.is_cut |= name == "pagedate" and server.operations.count(name) == 1

        server.before_answer = cut
        requests = [traced(client.prepare(f"query {name} {{ ok }}")) for name in names]
        capture = capture_each(client, requests, seen.__setitem__, timeout_seconds=3.0)
        assert server.operations.count("pagedate") > 1
    assert capture.gap_count == 1
    for index, name in enumerate(names):
        assert seen[index].is_clean, seen[index].reason
        assert seen[index].statement_count == len(PAGES[name])


def test_files_can_be_traced_too(embedded_server):
    server = embedded_server(scene_count=20)
    with StashClient(server.url) as client:
        seen = {}
        capture_each(client, [traced_get("/scene/1/screenshot"), traced_get("/nothing")], seen.__setitem__, attempts=1)
    assert seen[0].is_clean
    assert seen[0].operation == "GET /scene/1/screenshot"
    assert seen[1].reason.startswith("GET /nothing answered with status")


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
