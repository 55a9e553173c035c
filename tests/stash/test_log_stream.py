"""The recorded log of a real server, played back whole, cut, and into too little memory."""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from pathlib import Path

import pytest

from stashbench.stash.backoff import RetryLimits
from stashbench.stash.client import StashClient
from stashbench.stash.log_stream import ENTRY_BYTES, LogStream, parse_time
from stashbench.stash.subscription import LEGACY, MODERN

PATH = Path(__file__).parent / "replay_server.py"
SPEC = importlib.util.spec_from_file_location("replay_server", PATH)
replay = sys.modules.setdefault("replay_server", importlib.util.module_from_spec(SPEC))
SPEC.loader.exec_module(replay)

QUICK = RetryLimits(first_seconds=0.02, longest_seconds=0.1, total_seconds=2.0)


@pytest.fixture(scope="module")
def batches():
    return replay.recorded("logs")


@pytest.fixture(scope="module")
def lines(batches):
    return [line for _, payload in batches for line in payload["loggingSubscribe"]]


def wait_for_batches(server, stream, timeout_seconds=15.0):
    """Wait until the server has sent its last batch and it has arrived."""
    deadline = time.monotonic() + timeout_seconds
    end = server.messages[-1][0]
    while server.position < end + 20 or stream.message_count < server.sent_count:
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
def test_every_recorded_line_arrives_in_the_order_of_the_servers_clock(batches, lines, protocol):
    with (
        replay.ReplayServer(batches, replay.Behaviour(speed=800)) as server,
        StashClient(server.url) as client,
        LogStream(client, protocols=(protocol,)) as stream,
    ):
        wait_for_batches(server, stream)
        entries = stream.entries()
    assert stream.protocol == protocol
    assert stream.message_count == len(batches)
    assert (stream.failure, stream.gap_count, stream.dropped_count, stream.unreadable_count) == ("", 0, 0, 0)
    wanted = sorted((parse_time(line["time"]), line["level"], line["message"]) for line in lines)
    assert sorted((entry.time_ns, entry.level, entry.message) for entry in entries) == wanted
    assert [entry.time_ns for entry in entries] == sorted(entry.time_ns for entry in entries)


def test_a_cut_is_told_and_costs_only_what_was_in_it(batches, lines):
    middle = batches[50][0] + 0.5
    with (
        replay.ReplayServer(batches, replay.Behaviour(speed=200, cut_at=(middle,))) as server,
        StashClient(server.url) as client,
        LogStream(client, retry=QUICK) as stream,
    ):
        wait_for_batches(server, stream)
        entries = stream.entries()
    assert (stream.gap_count, len(stream.gaps), stream.failure) == (1, 1, "")
    assert 0.5 * len(lines) < len(entries) <= len(lines)


def test_memory_is_bounded_and_the_newest_lines_stay(batches, lines):
    capacity_bytes = 300_000
    with (
        replay.ReplayServer(batches, replay.Behaviour(speed=800)) as server,
        StashClient(server.url) as client,
        LogStream(client, capacity_bytes=capacity_bytes) as stream,
    ):
        wait_for_batches(server, stream)
        entries = stream.entries()
    assert sum(ENTRY_BYTES + len(entry.message) for entry in entries) <= capacity_bytes
    assert stream.dropped_count == len(lines) - len(entries) > 0
    assert entries[-1].time_ns >= max(parse_time(line["time"]) for line in batches[-1][1]["loggingSubscribe"])


def test_waiting_for_a_word_sees_lines_beyond_those_that_were_dropped(batches):
    stamp = "2026-01-02T03:04:05Z"
    tale = [
        (float(at), {"loggingSubscribe": [{"time": stamp, "level": "Info", "message": f"line {at} " + "x" * 500}]})
        for at in range(60)
    ]
    with (
        replay.ReplayServer(tale, replay.Behaviour(speed=200)) as server,
        StashClient(server.url) as client,
        LogStream(client, capacity_bytes=4000) as stream,
    ):
        assert stream.wait_for("line 59 ", 10)
        assert not stream.wait_for("line 3 ", 0)
    assert stream.dropped_count > 50
