"""Takes the times of one comparison: rounds of fresh server processes (where they are ours), each of many passes."""

from __future__ import annotations

import math
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from stashbench.collect.affinity import at_home_afterwards, can_pin, pin, share_out
from stashbench.compare.options import Options, Progress
from stashbench.compare.plan import PairedRequest, send
from stashbench.compare.schedule import FEWEST_ROUNDS, PlannedBlock, plan_pass, taking_part, too_slow, with_short_blocks
from stashbench.compare.side import SIDES, Side, renew
from stashbench.compare.stopwatch import Tally, make_visit, undisturbed
from stashbench.errors import RequestError, SessionRenewedError, TargetUnreachableError
from stashbench.model.side_by_side import Block, Stage

STAGE_ENDS = (0.4, 0.7, 1.0)
"""Shares of the rounds at which stages end: all benchmarks, suspects, what is still suspicious."""
_FEWEST_WARM_PASSES, _MOST_WARM_PASSES = 2, 6
_STILL_WARMING = 0.9
_WARM_SHARE = 0.1
"""Of the budget, for one warm-up at most; slow pages would take all of it."""
_SLOW_SECONDS = 0.2
_GRACE_SECONDS = 2.0


class Rounds:
    """Measures benchmarks stage by stage; what was taken stays here whatever happens.

    `blocks` holds raw samples, `tallies` what was used by (benchmark, side), `failures` why a benchmark was given up,
    `left_out` why one was not begun, `last_stages` the last stage each benchmark was in, `core_sets` on which cores
    both servers ran together.
    """

    def __init__(
        self, sides: Mapping[str, Side], requests: Sequence[PairedRequest], options: Options, progress: Progress
    ) -> None:
        self.blocks: list[Block] = []
        self.tallies = {(index, side): Tally() for index in range(len(requests)) for side in SIDES}
        self.failures: dict[int, str] = {}
        self.stages: list[Stage] = []
        self.last_stages: dict[int, int] = {}
        self.core_sets: set[frozenset[int]] = set()
        self.began = time.monotonic()
        self._sides = sides
        self._requests = requests
        self._options = options
        self._progress = progress
        self._chance = random.Random(options.seed)  # noqa: S311 - an order that can be repeated
        self._round = 0
        self._pass = 0
        self._order = 0
        self._process = 0
        self._round_counts: Counter[int] = Counter()
        self._estimates = {
            index: max(side.answer.seconds for side in pair.sides.values() if side.answer is not None)
            for index, pair in enumerate(requests)
            if pair.is_ready
        }
        self.left_out = too_slow(self._estimates, options.budget_seconds)
        for index in self.left_out:
            del self._estimates[index]
        self._short = with_short_blocks(self._estimates, options.budget_seconds)
        self._renewal_seconds = max((side.start_seconds for side in sides.values() if side.is_own), default=0.0)
        self._rounds_per_process = self._affordable_rounds_per_process()

    @property
    def is_renewing(self) -> bool:
        """Whether there are servers to start anew."""
        return self._options.is_renewing and any(side.is_own for side in self._sides.values())

    @property
    def planned_process_count(self) -> int:
        """How many processes a server of ours has if all rounds are made."""
        every = self._rounds_per_process
        return math.ceil(self._options.round_count / every) if every else 1

    @property
    def is_pinning(self) -> bool:
        """Whether both servers are told which cores to run on: only where both are ours."""
        return self._options.is_pinning and can_pin() and all(side.is_own for side in self._sides.values())

    def run_all(self, suspects: Callable[[float], set[int]]) -> None:
        """Measure everything, then those that `suspects` names anew before each round of the later stages.

        It is told how far these have come, from 0 to 1.

        Raises:
            TargetError: a server is gone, refuses us, or did not come up again.
        """
        budget, count = self._options.budget_seconds, self._options.round_count
        chosen = set(self._estimates)
        self.began = time.monotonic()
        every = self._rounds_per_process
        self._warm(self._estimates)
        for number in range(count):
            stage = self._stage_of(number)
            if stage > 1:
                first = math.ceil(count * STAGE_ENDS[0] - 1e-9)
                chosen = suspects((number - first) / max(1, count - 1 - first)) - set(self.failures)
            if not chosen or (number >= FEWEST_ROUNDS and time.monotonic() - self.began > budget):
                break
            deadline = self.began + budget * (number + 1) / count
            if self._is_too_late(deadline):
                # The rounds before took its time too: nothing to start servers anew for.
                self._round += 1
                continue
            with self._counted_in(stage, chosen):
                if every and number and number % every == 0:
                    self._renew({index: self._estimates[index] for index in chosen})
                self._one_round(stage, chosen, deadline)

    def _stage_of(self, number: int) -> int:
        if not self._options.has_stages:
            return 1
        share = number / self._options.round_count
        return 1 + sum(share >= end - 1e-9 for end in STAGE_ENDS[:-1])

    @contextmanager
    def _counted_in(self, number: int, chosen: set[int]) -> Iterator[None]:
        """Note what a round adds to its stage; one that was broken off took time too."""
        begin = time.monotonic()
        try:
            yield
        finally:
            last = self.stages.pop() if self.stages and self.stages[-1].number == number else None
            self.stages.append(
                Stage(
                    number=number,
                    round_count=1 + (last.round_count if last else 0),
                    benchmark_count=max(len(chosen), last.benchmark_count if last else 0),
                    duration_seconds=time.monotonic() - begin + (last.duration_seconds if last else 0.0),
                )
            )

    def _one_round(self, stage: int, chosen: set[int], deadline: float) -> None:
        """Make passes over the chosen until the time of the round is over, at least one."""
        for side in self._sides.values():
            _sign_in(side)
            if side.clock is not None:
                side.clock.look_around()
        what = f"stage {stage}, round {self._round + 1} of {self._options.round_count}: {_counted(len(chosen))}"
        self._order = 0
        is_first = True
        with undisturbed(), self._on_the_same_cores():
            while is_first or time.monotonic() < deadline:
                self._progress.measuring(time.monotonic() - self.began, self._options.budget_seconds, what)
                estimates = {index: self._estimates[index] for index in chosen - set(self.failures)}
                left = self._options.round_count - self._round
                until_end = self.began + self._options.budget_seconds - time.monotonic()
                taking = taking_part(estimates, self._round_counts, until_end, left, self._short)
                if not taking:
                    break
                self._one_pass(stage, {index: estimates[index] for index in taking}, deadline, is_first=is_first)
                is_first = False
        self._round += 1

    @contextmanager
    def _on_the_same_cores(self) -> Iterator[None]:
        """Let both servers of ours meet the same cores, and us the others; other ones in each round."""
        if not self.is_pinning:
            yield
            return
        with at_home_afterwards() as cores:
            theirs, ours = share_out(cores, self._round)
            for side in self._sides.values():
                assert side.target.info.pid is not None
                pin(side.target.info.pid, theirs)
            os.sched_setaffinity(0, ours)
            self.core_sets.add(theirs)
            yield

    def _one_pass(self, stage: int, estimates: Mapping[int, float], deadline: float, *, is_first: bool) -> None:
        """Make one pass; one after the first of a round ends with it, and the first too if it is far beyond."""
        for planned in plan_pass(estimates, self._chance, self._pass, self._short):
            if not is_first and time.monotonic() > deadline:
                break
            if self._is_too_late(deadline):
                break
            if planned.benchmark not in self.failures:
                self._block(stage, self._order, planned)
            self._order += 1
        self._pass += 1
        if is_first:
            self._round_counts.update(list(estimates))

    def _is_too_late(self, deadline: float) -> bool:
        """Say whether a round has run far beyond its time, and is none of those that everyone must have."""
        return self._round >= FEWEST_ROUNDS and time.monotonic() > deadline + _GRACE_SECONDS

    def _block(self, stage: int, order: int, planned: PlannedBlock) -> None:
        pair = self._requests[planned.benchmark]
        taken: list[Block] = []
        try:
            for visit in planned.visits:
                tally = self.tallies[planned.benchmark, visit.side]
                found = make_visit(self._sides[visit.side], pair.sides[visit.side], visit, tally)
                taken.append(
                    Block(
                        benchmark=planned.benchmark,
                        side=visit.side,
                        stage=stage,
                        round=self._round,
                        order=order,
                        process=self._process,
                        began_seconds=round(found.began - self.began, 4),
                        samples_ns=tuple(found.samples_ns),
                        cpu_ns=found.cpu_ns,
                    )
                )
        except SessionRenewedError:
            return
        except RequestError as error:
            self.failures[planned.benchmark] = str(error)
            return
        # Half a block would favour a side.
        self.blocks += taken
        self._estimates[planned.benchmark] = statistics.median(ns for block in taken for ns in block.samples_ns) / 1e9
        self.last_stages[planned.benchmark] = stage

    def _affordable_rounds_per_process(self) -> int:
        """Return after how many rounds servers are started anew, 0 for never: starts must not eat the budget."""
        if not self.is_renewing:
            return 0
        warm = sum(
            2 * (1 if seconds >= _SLOW_SECONDS else _FEWEST_WARM_PASSES) * seconds
            for seconds in self._estimates.values()
        )
        affordable = self._options.renewal_share * self._options.budget_seconds / self._options.round_count
        return max(1, math.ceil((self._renewal_seconds + warm) / max(affordable, 1e-3)))

    def _renew(self, estimates: Mapping[int, float]) -> None:
        """Start our servers anew, and ask each question until it is warm on both sides."""
        renewed = [side for side in self._sides.values() if side.is_own]
        # Neither side shall always be the first to start.
        self._chance.shuffle(renewed)
        self._renewal_seconds = renew(renewed)
        self._process += 1
        self._warm(estimates)

    def _warm(self, estimates: Mapping[int, float]) -> None:
        """Ask everything again and again until a pass is no longer faster than the one before by a tenth.

        A new process fills caches and compiles what runs often. Slow requests are asked once: they fill what they need.
        One more pass is made only as long as warming takes no more than a small share of the budget.
        """
        before, total = math.inf, 0.0
        for number in range(_MOST_WARM_PASSES):
            begin = time.monotonic()
            for index in sorted(estimates):
                if number == 0 or estimates[index] < _SLOW_SECONDS:
                    self._ask_both(index)
            spent = time.monotonic() - begin
            total += spent
            if number + 1 >= _FEWEST_WARM_PASSES and spent > _STILL_WARMING * before:
                break
            if total + spent > _WARM_SHARE * self._options.budget_seconds:
                break
            before = spent

    def _ask_both(self, index: int) -> None:
        """Ask both sides once, untimed; one that gives no answer gives up the benchmark, as in a timed round."""
        if index in self.failures:
            return
        try:
            for letter in SIDES:
                request = self._requests[index].sides[letter].request
                assert request is not None
                send(self._sides[letter].target.client, request)
        except RequestError as error:
            self.failures[index] = str(error)


def _sign_in(side: Side) -> None:
    """Renew an old session before times are taken; a side that does not let us in is lost."""
    try:
        side.target.client.sign_in()
    except RequestError as error:
        message = f"{side.label} did not let us log in again: {error}"
        raise TargetUnreachableError(message) from error


def _counted(count: int) -> str:
    return f"{count} benchmark{'s' * (count != 1)}"
