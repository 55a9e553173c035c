"""A server compared with itself, again and again: whatever is called changed is a false alarm of this machine."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

import msgspec

from stashbench.analyse.selftest import count_pairs
from stashbench.compare.options import Options, Progress
from stashbench.compare.run import Comparison
from stashbench.compare.side import Side
from stashbench.errors import TargetError
from stashbench.model.selftest import SelfTest
from stashbench.model.side_by_side import SideBySide

PAIR_COUNT = 6
BUDGET_SECONDS = 180.0
LEAST_PAIR_SECONDS = 15.0
"""Shorter comparisons judge next to nothing. On a slow machine there are rather fewer of them."""
_FIRST_OVERHEAD_SECONDS = 8.0


class SelfTestRun:
    """Runs the pairs. `loss` is the error of a server that was lost, `was_interrupted` tells of Ctrl-C."""

    def __init__(
        self,
        sides: Callable[[], tuple[Side, Side]],
        options: Options,
        progress: Progress,
        *,
        pair_count: int = PAIR_COUNT,
        budget_seconds: float = BUDGET_SECONDS,
    ) -> None:
        self.loss: TargetError | None = None
        self.was_interrupted = False
        self._sides = sides
        self._options = options
        self._progress = progress
        self._pair_count = pair_count
        self._budget_seconds = budget_seconds
        self._documents: list[SideBySide] = []
        self._is_out_of_time = False

    def run(self) -> SelfTest | None:
        """Compare until all pairs are done, or the run is broken off; None where not one pair came to its end.

        Raises:
            TargetError: the server cannot be used at all.
            UsageError: the suites hold nothing to compare.
        """
        begin = time.monotonic()
        overhead, longest = _FIRST_OVERHEAD_SECONDS, 0.0
        least = min(LEAST_PAIR_SECONDS, self._budget_seconds / self._pair_count)
        for number in range(self._pair_count):
            pair_begin = time.monotonic()
            left = self._budget_seconds - (pair_begin - begin)
            if left < longest / 2:
                self._is_out_of_time = True
                break
            seconds = max(least, left / (self._pair_count - number) - overhead)
            document = self._one(number, seconds)
            if document is None:
                break
            # Raw samples of all pairs together would fill the memory for nothing.
            self._documents.append(msgspec.structs.replace(document, blocks=()))
            # Opening, asking, and the rounds that are taken whatever the budget is.
            taken = time.monotonic() - pair_begin
            overhead, longest = max(0.0, taken - seconds), max(longest, taken)
        if not self._documents:
            return None
        return count_pairs(
            self._documents,
            wanted=self._pair_count,
            duration_seconds=time.monotonic() - begin,
            partial_reason=self._partial_reason(),
        )

    def _one(self, number: int, seconds: float) -> SideBySide | None:
        """Run one pair; None where it was broken off, which leaves nothing that could be counted."""
        options = dataclasses.replace(self._options, budget_seconds=seconds, seed=self._options.seed + number)
        progress = _Numbered(self._progress, f"comparison {number + 1} of {self._pair_count}")
        try:
            comparison = Comparison(*self._sides(), options, progress)
            document = comparison.run()
        except KeyboardInterrupt:
            self.was_interrupted = True
            return None
        except TargetError as error:
            if not self._documents:
                raise
            self.loss = error
            return None
        self.was_interrupted = comparison.was_interrupted
        self.loss = comparison.loss
        return None if document.partial else document

    def _partial_reason(self) -> str:
        if self.was_interrupted:
            return f"it was interrupted after {len(self._documents)} of them"
        if self._is_out_of_time:
            return f"the time was over after {len(self._documents)} of them; a longer --budget takes all"
        if self.loss is not None:
            return f"the server was lost after {len(self._documents)} of them ({self.loss})"
        return ""


class _Numbered:
    """Says which pair it is about."""

    def __init__(self, progress: Progress, which: str) -> None:
        self._progress = progress
        self._which = which

    def say(self, text: str) -> None:
        self._progress.say(f"{self._which}: {text}")

    def library(self, done: int, total: int) -> None:
        self._progress.library(done, total)

    def measuring(self, spent_seconds: float, total_seconds: float, text: str) -> None:
        self._progress.measuring(spent_seconds, total_seconds, f"{self._which}, {text}")
