from __future__ import annotations

import itertools
import threading
import time

import pytest

from stashbench.compare import tracing
from stashbench.compare.tracing import Turn, trace_sides


class Client:
    def __init__(self, url):
        self.url = url


class Target:
    def __init__(self, url):
        self.client = Client(url)


class Side:
    def __init__(self, url):
        self.target = Target(url)


SIDES = {"a": Side("http://a"), "b": Side("http://b")}


def test_both_sides_work_in_turns_and_never_at_once(monkeypatch):
    at_work, order, clashes = set(), [], []

    def trace(side, _requests, turn):
        for _ in range(20):
            turn.take()
            clashes.extend(at_work)
            at_work.add(side.target.client.url)
            order.append(side.target.client.url)
            time.sleep(0.002)
            at_work.clear()
            turn.leave()
            time.sleep(0.001)
        return {0: []}

    monkeypatch.setattr(tracing, "trace_side", trace)
    assert trace_sides(SIDES, []) == {"a": {0: []}, "b": {0: []}}
    assert clashes == []
    changes = sum(one != other for one, other in itertools.pairwise(order))
    assert changes >= 20  # of 39, had each waited for the other every time


def test_one_server_on_both_sides_is_read_one_after_the_other(monkeypatch):
    threads = []

    def trace(_side, _requests):
        threads.append(threading.current_thread())
        return {}

    monkeypatch.setattr(tracing, "trace_side", trace)
    trace_sides({"a": Side("http://a"), "b": Side("http://a")}, [])
    assert threads == [threading.main_thread()] * 2


def test_what_goes_wrong_on_one_side_ends_the_other_and_is_raised(monkeypatch):
    def trace(side, _requests, turn):
        if side is SIDES["a"]:
            turn.take()
            message = "broken"
            raise ValueError(message)
        while True:
            turn.take()
            turn.leave()

    monkeypatch.setattr(tracing, "trace_side", trace)
    with pytest.raises(ValueError, match="broken"):
        trace_sides(SIDES, [])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("traces-")]


def test_a_turn_can_be_left_untaken_and_taken_twice():
    lock, ended = threading.Lock(), threading.Event()
    turn = Turn(lock, ended)
    turn.leave()
    turn.take()
    turn.take()
    assert lock.locked()
    turn.leave()
    assert not lock.locked()
    ended.set()
    with pytest.raises(InterruptedError):
        turn.take()
