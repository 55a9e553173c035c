"""Rounds with stand-in sides and a clock that only moves when one of them is asked, signs in, or starts anew."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from http import HTTPStatus
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stashbench.collect.affinity import can_pin
from stashbench.compare import rounds as module
from stashbench.compare.options import Options, Silent
from stashbench.compare.plan import Answer, PairedRequest, PathRequest, SideRequest
from stashbench.compare.rounds import Rounds
from stashbench.compare.schedule import FEWEST_ROUNDS, LEAST_SECONDS, block_seconds
from stashbench.errors import RequestError, TargetUnreachableError

BODY = b"x" * 10


class Clock:
    """Stands in for the module `time`."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        return self.now

    perf_counter = monotonic

    def perf_counter_ns(self):
        return round(self.now * 1e9)


class Server:
    """One side's client and connection: an answer takes what its page takes; `events` is what happened, in order."""

    def __init__(self, letter, clock, seconds, events):
        self.letter, self.clock, self.seconds, self.events = letter, clock, seconds, events
        self.broken_after: dict[str, int] = {}
        self.sign_in_error: Exception | None = None
        self.asked = 0
        self.connection = self

    def get(self, path):
        self.asked += 1
        self.events.append((self.letter, path))
        self.clock.now += self.seconds[path]
        left = self.broken_after.get(path)
        if left is not None:
            self.broken_after[path] = left - 1
            if left <= 0:
                message = f"{path} gave no complete answer"
                raise RequestError(message)
        return HTTPStatus.OK, BODY

    def sign_in(self):
        if self.sign_in_error is not None:
            raise self.sign_in_error

    def mind_session(self, what, status):
        pass


class World:
    """Two sides, their pages and the rounds over them."""

    def __init__(self, monkeypatch, seconds, *, is_own=(False, False), start_seconds=1.0, **options):
        self.clock = Clock()
        self.events: list[tuple[str, str]] = []
        self.starts: list[tuple[int, float]] = []
        self.start_seconds = start_seconds
        by_path = {f"/{index}": value for index, value in enumerate(seconds)}
        self.servers = {letter: Server(letter, self.clock, dict(by_path), self.events) for letter in "ab"}
        self.sides = {
            letter: SimpleNamespace(
                letter=letter,
                label=letter.upper(),
                clock=None,
                is_own=own,
                start_seconds=start_seconds,
                target=SimpleNamespace(client=self.servers[letter], info=SimpleNamespace(pid=None)),
            )
            for letter, own in zip("ab", is_own, strict=True)
        }
        monkeypatch.setattr(module, "time", self.clock)
        monkeypatch.setattr("stashbench.compare.stopwatch.time", self.clock)
        monkeypatch.setattr(module, "renew", self.renew)
        # Nothing here is disturbed by collections of garbage, of which pytest leaves much.
        monkeypatch.setattr(module, "undisturbed", nullcontext)
        requests = [ready(index, value) for index, value in enumerate(seconds)]
        self.rounds = Rounds(self.sides, requests, Options(suites=(), **{"is_pinning": False, **options}), Silent())

    def renew(self, sides):
        self.starts.append((self.rounds._round, self.clock.now))
        self.clock.now += self.start_seconds
        return self.start_seconds

    def run(self, suspects=None):
        """Measure; return how long that took."""
        begin = self.clock.now
        everything = set(range(1000))
        self.rounds.run_all(suspects or (lambda progress: everything & set(self.rounds._estimates)))
        return self.clock.now - begin


def ready(index, seconds):
    def side():
        return SideRequest(request=PathRequest(f"/{index}"), answer=Answer(size_bytes=len(BODY), seconds=seconds))

    return PairedRequest(id=str(index), title=str(index), group="", sides={"a": side(), "b": side()})


@pytest.fixture
def world(monkeypatch):
    return lambda seconds, **options: World(monkeypatch, seconds, **options)


def counts(rounds):
    """Return the samples of each benchmark on each side."""
    found = {}
    for block in rounds.blocks:
        found.setdefault(block.benchmark, {"a": 0, "b": 0})[block.side] += len(block.samples_ns)
    return found


@example(seconds=[1.0, 1.0625], budget=17.0, round_count=4, is_own=False, start_seconds=1.0)
@settings(max_examples=30, deadline=None)
@given(
    seconds=st.lists(st.floats(0.002, 12.0), min_size=1, max_size=30),
    budget=st.floats(1.0, 60.0),
    round_count=st.integers(1, 12),
    is_own=st.booleans(),
    start_seconds=st.floats(0.1, 20.0),
)
def test_a_run_ends_near_its_budget_and_measures_all_it_did_not_leave_out(
    seconds, budget, round_count, is_own, start_seconds
):
    with pytest.MonkeyPatch.context() as patch:
        world = World(
            patch,
            seconds,
            is_own=(is_own, is_own),
            start_seconds=start_seconds,
            budget_seconds=budget,
            round_count=round_count,
        )
        spent = world.run()
    available = max(budget, LEAST_SECONDS)
    # A warm-up before, starts and warm-ups between for 40 % of the time, and one of either that came late.
    warm = 2 * sum(world.rounds._estimates.values())
    late = start_seconds + warm if is_own else 0.0
    assert spent <= available * 2 + late + max(map(block_seconds, seconds), default=0.0)
    found = counts(world.rounds)
    assert set(found) == set(range(len(seconds))) - set(world.rounds.left_out)
    for index, own in found.items():
        assert own["a"] == own["b"] > 0
        rounds = {block.round for block in world.rounds.blocks if block.benchmark == index}
        assert len(rounds) >= min(FEWEST_ROUNDS, round_count)


def test_pages_that_are_too_slow_together_are_left_out_with_the_budget_that_would_do(world):
    run = world([0.1] * 40, budget_seconds=20.0)
    assert 15 <= len(run.rounds.left_out) <= 16
    assert "--budget 40 measures it too" in run.rounds.left_out[39]
    assert run.run() <= 26
    whole = world([0.1] * 40, budget_seconds=40.0)
    assert whole.run() <= 50
    assert {len(block.samples_ns) for block in whole.rounds.blocks} == {1}
    assert len(counts(whole.rounds)) == 40


def test_each_page_has_its_four_rounds_however_slow_and_gives_way_to_quicker_ones_afterwards(world):
    run = world([1.06, 0.002, 0.5], budget_seconds=20.0, round_count=10)
    run.run()
    rounds = {index: set() for index in range(3)}
    for block in run.rounds.blocks:
        rounds[block.benchmark].add(block.round)
    assert len(rounds[0]) >= FEWEST_ROUNDS
    assert len(rounds[0]) < len(rounds[1])


def test_a_single_page_that_exceeds_the_budget_is_not_begun(world):
    run = world([10.0], budget_seconds=40.0)
    assert run.run() == 0.0
    assert not run.events
    assert "one answer takes 10 s" in run.rounds.left_out[0]
    assert "--budget 90" in run.rounds.left_out[0]


def test_warming_slow_pages_takes_a_small_share(world):
    run = world([0.15] * 6, budget_seconds=15.0, round_count=4)
    run.rounds._warm(run.rounds._estimates)
    # Two passes would take 3.6 s.
    assert run.clock.now - 1000 == pytest.approx(1.8)


def test_warming_goes_on_as_long_as_it_helps(world):
    run = world([0.01] * 3, budget_seconds=60.0)
    slow = dict.fromkeys(run.servers["b"].seconds, 0.05)
    quick = dict(run.servers["b"].seconds)

    class Warming(dict):
        def __getitem__(self, path):
            return slow[path] if run.servers["b"].asked <= 3 else quick[path]

    run.servers["b"].seconds = Warming()
    run.rounds._warm(run.rounds._estimates)
    # A slow pass, a quick one, and one to see that it stays so.
    assert run.servers["a"].asked == run.servers["b"].asked == 3 * 3


def test_a_page_that_fails_while_warming_is_given_up_and_the_others_go_on(world):
    run = world([0.01, 0.01], budget_seconds=4.0)
    run.servers["b"].broken_after["/1"] = 0
    run.run()
    assert run.rounds.failures == {1: "/1 gave no complete answer"}
    assert set(counts(run.rounds)) == {0}


def test_a_page_that_fails_midway_keeps_no_half_block_and_the_others_go_on(world):
    run = world([0.01, 0.01], budget_seconds=4.0)
    run.servers["a"].broken_after["/1"] = 33
    run.run()
    assert set(run.rounds.failures) == {1}
    found = counts(run.rounds)
    assert found[1]["a"] == found[1]["b"] > 0
    assert found[0]["a"] > 2 * found[1]["a"]


def test_a_side_that_lets_us_in_no_more_is_lost_in_one_sentence(world):
    run = world([0.01], budget_seconds=4.0)
    run.servers["b"].sign_in_error = RequestError("the log-in gave no answer.")
    with pytest.raises(TargetUnreachableError, match="B did not let us log in again: the log-in gave no answer"):
        run.run()


def test_servers_are_started_anew_between_rounds_as_far_as_the_budget_allows(world):
    cheap = world([0.01] * 5, is_own=(True, True), start_seconds=0.5, budget_seconds=40.0)
    cheap.run()
    assert len(cheap.starts) == 9
    assert cheap.rounds.planned_process_count == 10
    assert {block.process for block in cheap.rounds.blocks} == set(range(10))
    dear = world([0.01] * 5, is_own=(True, True), start_seconds=7.0, budget_seconds=40.0)
    dear.run()
    assert dear.rounds.planned_process_count == len(dear.starts) + 1 == 2
    never = world([0.01] * 5, is_own=(True, True), budget_seconds=40.0, is_renewing=False)
    never.run()
    assert (never.rounds.planned_process_count, never.starts) == (1, [])


def test_no_server_is_started_for_a_round_whose_time_is_over(world):
    run = world([0.01] * 4, is_own=(True, True), start_seconds=0.2, budget_seconds=120.0)
    run.servers["b"].seconds = dict.fromkeys(run.servers["b"].seconds, 2.0)  # far slower than when it was asked first
    run.run()
    measured = {block.round for block in run.rounds.blocks}
    assert measured >= {0, 1, 2, 3}
    assert 4 not in measured
    assert [number for number, _ in run.starts[:3]] == [1, 2, 3]
    # A round of twelve seconds may begin late by two.
    assert all(at <= 1000 + 12 * (number + 1) + 2 for number, at in run.starts[3:])


def test_only_the_side_that_is_ours_is_started_anew(world, monkeypatch):
    run = world([0.01] * 2, is_own=(False, True), start_seconds=0.5, budget_seconds=40.0)
    renewed = []
    monkeypatch.setattr(module, "renew", lambda sides: renewed.append([side.letter for side in sides]) or 0.5)
    run.run()
    assert renewed == [["b"]] * 9
    assert not run.rounds.is_pinning


@pytest.mark.parametrize("round_count", [1, 2, 3, 4, 5, 8, 10, 20, 100])
def test_suspects_are_asked_for_with_rising_progress_after_the_first_stage(world, round_count):
    run = world([0.002] * 4, budget_seconds=20.0, round_count=round_count)
    told = []

    def suspects(progress):
        told.append(progress)
        return {1, 3}

    run.run(suspects)
    assert told == sorted(told)
    assert all(0 <= progress <= 1 for progress in told)
    if round_count >= 10:
        assert (told[0], told[-1]) == (0, 1)
    assert sum(stage.round_count for stage in run.rounds.stages) == round_count
    late = {block.benchmark for block in run.rounds.blocks if block.stage > 1}
    assert late <= {1, 3}


def test_a_run_ends_as_soon_as_nobody_is_suspect(world):
    run = world([0.002] * 4, budget_seconds=20.0)
    assert run.run(lambda progress: set()) == pytest.approx(8.0, abs=0.5)
    assert [stage.number for stage in run.rounds.stages] == [1]


@pytest.mark.skipif(not can_pin(), reason="this system has one core, or does not let us choose")
@pytest.mark.parametrize("error", [None, KeyboardInterrupt, TargetUnreachableError])
def test_cores_are_given_back_before_a_start_and_whatever_ends_the_run(world, monkeypatch, error):
    home = os.sched_getaffinity(0)
    run = world([0.01] * 2, is_own=(True, True), start_seconds=0.5, budget_seconds=10.0, is_pinning=True)
    seen, at_start = set(), []

    def renew(sides):
        at_start.append(os.sched_getaffinity(0))
        return 0.5

    monkeypatch.setattr(module, "renew", renew)
    asked = run.servers["a"].get
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        for side in run.sides.values():
            side.target.info.pid = process.pid

        def get(path):
            seen.add((frozenset(os.sched_getaffinity(process.pid)), frozenset(os.sched_getaffinity(0))))
            if error is not None and run.clock.now > 1006:
                raise error
            return asked(path)

        run.servers["a"].get = get
        with pytest.raises(error) if error is not None else nullcontext():
            run.run()
        process.communicate(b"\n")
    assert os.sched_getaffinity(0) == home
    assert len(at_start) >= 2
    assert all(cores == home for cores in at_start)
    pinned = {theirs for theirs, ours in seen if not theirs & ours}
    assert pinned == run.rounds.core_sets
    assert frozenset().union(*pinned) == home


def test_what_was_taken_stays_when_the_run_is_broken_off(world):
    run = world([0.01] * 3, budget_seconds=10.0)
    asked = run.servers["b"].get

    def interrupted(path):
        if run.clock.now > 1004:
            raise KeyboardInterrupt
        return asked(path)

    run.servers["b"].get = interrupted
    with pytest.raises(KeyboardInterrupt):
        run.run()
    assert all(own["a"] == own["b"] > 0 for own in counts(run.rounds).values())
    assert sum(stage.duration_seconds for stage in run.rounds.stages) == pytest.approx(4.0, abs=0.3)
