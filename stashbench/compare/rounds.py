"""Takes the times of one comparison: stages of rounds, fresh server processes between them where they are ours."""

from __future__ import annotations

import gc
import math
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from stashbench.compare.options import Options, Progress
from stashbench.compare.plan import PairedRequest, send
from stashbench.compare.schedule import FEWEST_ROUNDS, PlannedBlock, allot, plan_round, taking_part, too_slow
from stashbench.compare.side import SIDES, Side, renew
from stashbench.compare.stopwatch import Tally, make_visit
from stashbench.errors import RequestError, SessionRenewedError
from stashbench.model.side_by_side import Block, Stage

STAGE_SHARES = (0.45, 0.3, 0.25)
_WARM_CALLS = 2
_SLOW_SECONDS = 0.2
_GRACE_SECONDS = 2.0
_WORTH_SHARE = 0.3


class Rounds:
    """Measures benchmarks stage by stage; what was taken stays here whatever happens.

    `blocks` holds raw samples, `tallies` what was used by (benchmark, side), `failures` why a benchmark was given up,
    `left_out` why one was not begun, `last_stages` the last stage each benchmark was in.
    """

    def __init__(
        self, sides: Mapping[str, Side], requests: Sequence[PairedRequest], options: Options, progress: Progress
    ) -> None:
        self.blocks: list[Block] = []
        self.tallies = {(index, side): Tally() for index in range(len(requests)) for side in SIDES}
        self.failures: dict[int, str] = {}
        self.stages: list[Stage] = []
        self.last_stages: dict[int, int] = {}
        self.began = time.monotonic()
        self._sides = sides
        self._requests = requests
        self._options = options
        self._progress = progress
        self._chance = random.Random(options.seed)  # noqa: S311 - an order that can be repeated
        self._round = 0
        self._process = 0
        self._round_counts: Counter[int] = Counter()
        self._estimates = {
            index: max(side.answer.seconds for side in pair.sides.values() if side.answer is not None)
            for index, pair in enumerate(requests)
            if pair.is_ready
        }
        slow = too_slow(self._estimates, options.budget_seconds)
        self.left_out = slow if len(slow) < len(self._estimates) else {}
        for index in self.left_out:
            del self._estimates[index]
        self._renewal_seconds = max((side.start_seconds for side in sides.values() if side.is_own), default=0.0)

    @property
    def is_renewing(self) -> bool:
        """Whether there are servers to start anew."""
        return self._options.is_renewing and any(side.is_own for side in self._sides.values())

    def run_all(self, suspects: Callable[[], set[int]]) -> None:
        """Measure everything, then twice more those that `suspects` names after each stage.

        Raises:
            TargetError: a server is gone, refuses us, or did not come up again.
        """
        budget = self._options.budget_seconds
        chosen = set(self._estimates)
        shares = STAGE_SHARES if self._options.has_stages else (1.0,)
        self.began = time.monotonic()
        for number, share in enumerate(shares, start=1):
            left = budget * sum(shares[:number]) - (time.monotonic() - self.began)
            # A stage that was left next to nothing would only cost the start of its servers.
            if not chosen or (number > 1 and left < budget * share * _WORTH_SHARE):
                break
            self._stage(number, chosen, left)
            chosen = suspects() - set(self.failures) if number < len(shares) else set()

    def _stage(self, number: int, chosen: set[int], budget_seconds: float) -> None:
        begin, before = time.monotonic(), self._round
        try:
            self._rounds(number, chosen, budget_seconds)
        finally:
            # One that was broken off took time too.
            self.stages.append(
                Stage(
                    number=number,
                    round_count=self._round - before,
                    benchmark_count=len(chosen),
                    duration_seconds=time.monotonic() - begin,
                )
            )

    def _rounds(self, number: int, chosen: set[int], budget_seconds: float) -> None:
        deadline = time.monotonic() + budget_seconds
        estimates = {index: self._estimates[index] for index in chosen}
        round_count = self._options.round_count
        every = self._rounds_per_process(budget_seconds, estimates)
        done = 0
        while done < round_count and not (self._round >= FEWEST_ROUNDS and time.monotonic() > deadline):
            if every and done % every == 0 and (number > 1 or done > 0):
                self._renew(estimates)
            what = f"stage {number}, round {done + 1} of {round_count}: {_counted(len(chosen))}"
            self._progress.measuring(time.monotonic() - self.began, self._options.budget_seconds, what)
            left = round_count - done
            renewals = math.ceil(left / every) - 1 if every else 0
            for_times = deadline - time.monotonic() - renewals * self._renewal_cost(estimates)
            chosen_now = taking_part(estimates, self._round_counts, for_times, left)
            allotted = allot({index: estimates[index] for index in chosen_now}, max(for_times, 0.0), left)
            self._one_round(number, plan_round(allotted, estimates, self._chance), deadline)
            self._round_counts.update(chosen_now)
            estimates = {index: self._estimates[index] for index in chosen - set(self.failures)}
            done += 1

    def _one_round(self, stage: int, planned: Sequence[PlannedBlock], deadline: float) -> None:
        """Measure one round; past the deadline it ends early, unless the noise floor still needs rounds."""
        for side in self._sides.values():
            side.target.client.sign_in()
            if side.clock is not None:
                side.clock.look_around()
        with undisturbed():
            for order, block in enumerate(planned):
                if self._round >= FEWEST_ROUNDS and time.monotonic() > deadline + _GRACE_SECONDS:
                    break
                if block.benchmark not in self.failures:
                    self._block(stage, order, block)
        self._round += 1

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

    def _rounds_per_process(self, budget_seconds: float, estimates: Mapping[int, float]) -> int:
        """Return after how many rounds servers are started anew, 0 for never: starts must not eat the budget."""
        if not self.is_renewing:
            return 0
        affordable = int(self._options.renewal_share * budget_seconds / max(self._renewal_cost(estimates), 1e-3))
        return math.ceil(self._options.round_count / affordable) if affordable else self._options.round_count

    def _renewal_cost(self, estimates: Mapping[int, float]) -> float:
        warm = sum(2 * seconds * (_WARM_CALLS if seconds < _SLOW_SECONDS else 1) for seconds in estimates.values())
        return self._renewal_seconds + warm

    def _renew(self, estimates: Mapping[int, float]) -> None:
        """Start our servers anew, and ask each question until it is warm on both sides."""
        renewed = [side for side in self._sides.values() if side.is_own]
        # Neither side shall always be the first to start.
        self._chance.shuffle(renewed)
        self._renewal_seconds = renew(renewed)
        self._process += 1
        for index, seconds in sorted(estimates.items()):
            for _ in range(_WARM_CALLS if seconds < _SLOW_SECONDS else 1):
                for letter in SIDES:
                    request = self._requests[index].sides[letter].request
                    assert request is not None
                    send(self._sides[letter].target.client, request)


def _counted(count: int) -> str:
    return f"{count} benchmark{'s' * (count != 1)}"


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep Python's garbage collector out of the times: collect before, and not until the round is over."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
