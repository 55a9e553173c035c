from __future__ import annotations

import time
from itertools import pairwise

import pytest

from stashbench.embedded import loghub
from stashbench.embedded.loghub import LogHub, LogLevel


@pytest.fixture
def hub():
    made = LogHub()
    yield made
    made.close()


def messages(lines):
    return [line.message for line in lines]


def test_the_last_thirty_lines_are_kept_newest_first(hub):
    for number in range(40):
        hub.publish(LogLevel.INFO, f"line {number}")
    assert messages(hub.recent()) == [f"line {number}" for number in range(39, 9, -1)]


def test_lines_below_the_level_are_not_kept_and_their_text_is_never_made(hub):
    hub.publish(LogLevel.TRACE, lambda: pytest.fail("nobody wants this text"))
    hub.publish(LogLevel.DEBUG, "quiet")
    hub.publish(LogLevel.WARNING, "loud")
    assert messages(hub.recent()) == ["loud"]


def test_subscribers_get_everything_whatever_the_level(hub, wait_until):
    batches = []
    hub.subscribe(batches.append)
    hub.publish(LogLevel.TRACE, lambda: "made on demand")
    hub.publish(LogLevel.ERROR, "bad")
    wait_until(lambda: sum(map(len, batches)) == 2)
    assert messages(sum(batches, ())) == ["made on demand", "bad"]


def test_batches_are_a_second_apart(hub, wait_until):
    arrivals = []
    hub.subscribe(lambda batch: arrivals.append((time.monotonic(), len(batch))))
    deadline = time.monotonic() + 2.3
    while time.monotonic() < deadline:
        hub.publish(LogLevel.TRACE, "tick")
        time.sleep(0.02)
    wait_until(lambda: len(arrivals) >= 2)
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(arrivals)]
    assert all(gap >= 0.99 for gap in gaps)
    assert max(count for _, count in arrivals) > 20


def test_a_flood_is_dropped_and_counted_instead_of_filling_the_memory(hub, monkeypatch):
    monkeypatch.setattr(loghub, "PENDING_LINE_LIMIT", 5)
    hub.subscribe(lambda _batch: None)
    for _ in range(12):
        hub.publish(LogLevel.TRACE, "flood")
    assert hub.dropped_line_count == 7


def test_after_unsubscribing_nothing_arrives(hub, wait_until):
    gone, present = [], []
    unsubscribe = hub.subscribe(gone.append)
    hub.subscribe(present.append)
    unsubscribe()
    unsubscribe()
    hub.publish(LogLevel.INFO, "late")
    wait_until(lambda: present)
    assert not gone
