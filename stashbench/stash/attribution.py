"""Which of the logged statements belong to which request: pure, so that recordings can be replayed in any order.

A request is run alone between two marks. By the server's own clock the statements between its marks are its own, and
those outside of all such windows are somebody else's. Marks are all alike, so one that has fewer lines than the others
lost some, and with it the request may have. A long request gets marks in its midst ("beats"): the server sends its log
in batches of at least a second and drops whole ones, so no batch can be lost without a mark.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from stashbench.stash.log_line import LoggedStatement

NEAR_NANOSECONDS = 1_000_000_000
LOST = "the log lost the lines around this request"
CLOCK = "the server's clock was set back while this request ran"


@dataclass(frozen=True, slots=True)
class Run:
    """One request that was run: the words of its marks, how long it took, and why it failed if it did."""

    begin: str
    end: str
    latency_seconds: float
    failure: str = ""
    beats: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """All marks of this run."""
        return (self.begin, *self.beats, self.end)


@dataclass(frozen=True, slots=True)
class Attribution:
    """What was logged of one run; `statements` is None with a `reason` where nothing can be said.

    `foreign_count` is how many statements of others were logged within a second of the run.
    """

    run: Run
    statements: tuple[LoggedStatement, ...] | None
    reason: str = ""
    is_complete: bool = False
    foreign_count: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether this is all of the run's statements and nobody else's."""
        return self.statements is not None and self.is_complete and not self.foreign_count

    @property
    def rank(self) -> tuple[bool, bool, bool, int]:
        """Sorts runs of the same request, the cleanest first; of disturbed ones the shortest, as others only add."""
        count = len(self.statements) if self.statements is not None else 0
        return (self.statements is None, not self.is_complete, self.foreign_count > 0, count)


def attribute(
    marks: Mapping[str, Sequence[int]], executions: Sequence[tuple[int, LoggedStatement]], runs: Sequence[Run]
) -> list[Attribution]:
    """Share the executions out to the runs; `marks` holds the times of each mark's lines, all in nanoseconds.

    `runs` must be all that were made, in their order: what lies in none of their windows counts as foreign.
    """
    ordered = sorted(executions, key=lambda execution: execution[0])
    times = [time_ns for time_ns, _ in ordered]
    foreign = foreign_times(marks, times, runs)
    lines_of_a_mark = max((len(seen) for seen in marks.values()), default=0)
    found = []
    for run in runs:
        window = _window(marks, run)
        if run.failure or window is None:
            found.append(Attribution(run, None, run.failure or _why(marks, run)))
            continue
        begin, end = window
        inside = ordered[bisect_left(times, begin) : bisect_right(times, end)]
        near = bisect_right(foreign, end + NEAR_NANOSECONDS) - bisect_left(foreign, begin - NEAR_NANOSECONDS)
        is_complete = all(len(marks.get(word, ())) == lines_of_a_mark for word in run.words)
        found.append(Attribution(run, tuple(item for _, item in inside), "", is_complete, near))
    return found


def foreign_times(marks: Mapping[str, Sequence[int]], times: Sequence[int], runs: Sequence[Run]) -> list[int]:
    """Return which of the times, in order, lie in no run, from the first mark on."""
    outside: list[int] = []
    position = bisect_right(times, min((when for seen in marks.values() for when in seen), default=0))
    for begin, end in sorted(_may_be_ours(marks, runs)):
        outside += times[position : max(position, bisect_left(times, begin))]
        position = max(position, bisect_right(times, end))
    return outside + list(times[position:])


def _may_be_ours(marks: Mapping[str, Sequence[int]], runs: Sequence[Run]) -> list[tuple[float, float]]:
    """Return each run's window; where a mark was lost, as far as the marks of its neighbours, lest it look foreign."""
    begins = [_edge(marks, run.begin, max) for run in runs]
    ends = [_edge(marks, run.end, min) for run in runs]
    stretches: list[tuple[float, float]] = []
    for index, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        before = (when for when in ends[index - 1 :: -1] if when is not None) if index else iter(())
        after = (when for when in begins[index + 1 :] if when is not None)
        stretches.append(
            (
                begin if begin is not None else next(before, -math.inf),
                end if end is not None else next(after, math.inf),
            )
        )
    return stretches


def _edge(marks: Mapping[str, Sequence[int]], word: str, choose: Callable[[Sequence[int]], int]) -> int | None:
    seen = marks.get(word)
    return choose(seen) if seen else None


def _window(marks: Mapping[str, Sequence[int]], run: Run) -> tuple[int, int] | None:
    """Return the time between two marks, or None where a mark is missing or they are the wrong way round."""
    begin, end = _edge(marks, run.begin, max), _edge(marks, run.end, min)
    return None if begin is None or end is None or begin > end else (begin, end)


def _why(marks: Mapping[str, Sequence[int]], run: Run) -> str:
    return CLOCK if marks.get(run.begin) and marks.get(run.end) else LOST
