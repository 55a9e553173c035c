"""A log whose lines are no lines: whoever follows it is told how many, and does not fall over them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from stashbench.stash import sql_trace
from stashbench.stash.client import StashClient
from stashbench.stash.log_stream import LogStream
from stashbench.stash.sql_trace import capture_statements

spec = importlib.util.spec_from_file_location(
    "e2e_log_server", Path(__file__).parent.parent / "stash" / "log_server.py"
)
log_server = importlib.util.module_from_spec(spec)
spec.loader.exec_module(log_server)

TIME = "2026-01-02T03:04:05.123456789Z"
ODD = {
    "null": None,
    "no time": {"level": "Info", "message": "x"},
    "time as number": {"time": 7, "level": "Info", "message": "x"},
    "no such time": {"time": "yesterday \x1b[31m", "level": "Info", "message": "x"},
    "a year beyond all clocks": {"time": "9999999-01-02T03:04:05Z", "level": "Info", "message": "x"},
}
BORNE = {
    "null for text": {"time": TIME, "level": None, "message": None},
    "a list for text": {"time": TIME, "level": ["Info"], "message": [{"a": 1}]},
    "a duration that is none": {"time": TIME, "level": "Trace", "message": "SQL [µ9h]: SELECT 1, args: ["},
    "an endless list": {"time": TIME, "level": "Trace", "message": "SQL [9µs]: SELECT 1 WHERE x IN (" + "?," * 100_000},
}


@pytest.mark.parametrize("line", ODD.values(), ids=ODD)
def test_a_line_of_another_form_is_counted_and_ends_nothing(wait_until, line):
    with log_server.LogServer({}) as server, StashClient(server.url) as client, LogStream(client) as stream:
        wait_until(lambda: server._pending.append(line) or stream.unreadable_count)
        wait_until(lambda: server.log("a line after it") or stream.wait_for("a line after it", 0.2))
        assert stream.failure == ""


@pytest.mark.parametrize("line", BORNE.values(), ids=BORNE)
def test_a_line_of_odd_text_is_borne(line, monkeypatch):
    monkeypatch.setattr(sql_trace, "BATCH_SECONDS", 0.25)
    monkeypatch.setattr(sql_trace, "QUIET_SECONDS", 0.2)

    class Odd(log_server.LogServer):
        def log(self, message):
            super().log(message)
            self._pending.append(line)

    with Odd({"Floor": []}) as server, StashClient(server.url) as client:
        trace = capture_statements(client, client.prepare("query Floor { ok }"), timeout_seconds=3)
    assert trace.is_available, trace.reason
