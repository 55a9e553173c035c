"""Change points of all benchmarks of a server, gathered into events: many at one run are one thing to explain.

For the trend page, never for a verdict: a step found weeks later must not fail a build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import msgspec

from stashbench.analyse.attribution import Cause, CauseKind, recorded_changes, slow_growth
from stashbench.analyse.change_points import LEAST_RUNS, ChangePoint, change_points, persistence_of
from stashbench.model.trend import ServerTrend, TrendLine, TrendRun

PAGE_ERROR_RATE = 0.05
"""How often a server whose times never moved shows any step at all."""
_AGREEING = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One benchmark's change of level, its places counted in the server's runs.

    `before` is the last run on the old level that measured it. `found.error_chance` counts all benchmarks.
    """

    benchmark_id: str
    title: str
    found: ChangePoint
    before: int


@dataclass(frozen=True, slots=True)
class Event:
    """Steps that belong to one run, strongest first, with what was recorded to change there.

    `is_exact` is True where a cause lies at the very run; else the causes lie where the steps may as well have been.
    """

    run: int
    steps: tuple[Step, ...]
    causes: tuple[Cause, ...]
    is_exact: bool
    growth: str = ""


@dataclass(frozen=True, slots=True)
class TrendFindings:
    """What the history of one server shows: events, oldest first, and every recorded change.

    `persistence` is how much a run resembles the one before (0-0.8). `left_out` are the runs that do not count, because
    the machine was disturbed; where too few were left, all count, and changes must stand out from that much noise.
    """

    trend: ServerTrend
    events: tuple[Event, ...]
    changes: tuple[Cause, ...]
    persistence: float
    left_out: frozenset[int]

    def steps_of(self, benchmark_id: str) -> tuple[Step, ...]:
        """Return one benchmark's steps, oldest first."""
        steps = (step for event in self.events for step in event.steps if step.benchmark_id == benchmark_id)
        return tuple(sorted(steps, key=lambda step: step.found.index))


def find_events(trend: ServerTrend) -> TrendFindings:
    """Find where a server's benchmarks changed, together and alone, and what was recorded to change there."""
    left_out = _left_out(trend.runs)
    usable = [
        (line, [place for place, value in enumerate(line.values) if value.run not in left_out]) for line in trend.lines
    ]
    series = [[line.values[place].q10_seconds for place in places] for line, places in usable]
    persistence = persistence_of(series)
    count = max(len(usable), 1)
    error_rate = 1 - (1 - PAGE_ERROR_RATE) ** (1 / count)
    steps: list[Step] = []
    for (line, places), seconds in zip(usable, series, strict=True):
        runs = [line.values[place].run for place in places]
        found = change_points(seconds, error_rate=error_rate, persistence=persistence)
        steps += [_step(line, runs, point, count) for point in found]
    changes = recorded_changes(trend.runs)
    events = tuple(_event(trend.runs, run, members, changes, trend.lines) for run, members in _gathered(steps))
    return TrendFindings(trend, events, changes, persistence, left_out)


def by_machine(trend: ServerTrend) -> tuple[ServerTrend, ...]:
    """Split a history in which machines take turns into one of each machine; one that moved house once stays whole.

    Times of two machines in turn tell of the machines, not of the server.
    """
    prints = [run.circumstances.fingerprint for run in trend.runs]
    moves = sum(a != b for a, b in pairwise(prints))
    machines = list(dict.fromkeys(prints))
    if moves < len(machines):
        return (trend,)
    return tuple(_restricted(trend, {i for i, name in enumerate(prints) if name == one}) for one in machines)


def _restricted(trend: ServerTrend, kept: set[int]) -> ServerTrend:
    places = {old: new for new, old in enumerate(sorted(kept))}
    lines = []
    for line in trend.lines:
        values = [msgspec.structs.replace(item, run=places[item.run]) for item in line.values if item.run in places]
        if values:
            lines.append(msgspec.structs.replace(line, values=tuple(values)))
    runs = tuple(trend.runs[old] for old in places)
    return msgspec.structs.replace(trend, runs=runs, lines=tuple(lines))


def _left_out(runs: Sequence[TrendRun]) -> frozenset[int]:
    unfit = frozenset(place for place, run in enumerate(runs) if run.is_unfit)
    rest = len(runs) - len(unfit)
    return unfit if rest >= max(len(unfit), LEAST_RUNS) else frozenset()


def _step(line: TrendLine, runs: Sequence[int], point: ChangePoint, benchmark_count: int) -> Step:
    """Return a step with places in the runs instead of places in the benchmark's own series."""
    found = replace(
        point,
        index=runs[point.index],
        # It may have come with any run since the last one that is surely before it, measured here or not.
        earliest=runs[point.earliest - 1] + 1,
        latest=runs[point.latest],
        begin=runs[point.begin],
        end=runs[point.end - 1] + 1,
        error_chance=min(point.error_chance * benchmark_count, 1.0),
    )
    return Step(line.benchmark_id, line.title, found, before=runs[point.index - 1])


def _gathered(steps: Sequence[Step]) -> list[tuple[int, list[Step]]]:
    """Gather steps that may have come with the same run, the run that most of them point at first."""
    left = list(steps)
    events = []
    while left:
        votes = Counter(step.found.index for step in left)
        run = max(votes, key=lambda place: (votes[place], len(_members(left, place)), -place))
        members = _members(left, run)
        events.append((run, members))
        left = [step for step in left if step not in members]
    return sorted(events, key=lambda event: event[0])


def _members(steps: Sequence[Step], run: int) -> list[Step]:
    """Return of each benchmark the step nearest to a run, where that run is among its plausible ones.

    Steps that agree on another run, and are sure of it, are an event of their own.
    """
    agreed = Counter(step.found.index for step in steps if step.found.is_sharp)
    nearest: dict[str, Step] = {}
    for step in sorted(steps, key=lambda item: (abs(item.found.index - run), item.found.index)):
        place = step.found.index
        is_free = place == run or not step.found.is_sharp or agreed[place] < _AGREEING
        if is_free and step.found.earliest <= run <= step.found.latest:
            nearest.setdefault(step.benchmark_id, step)
    return list(nearest.values())


def _event(
    runs: Sequence[TrendRun], run: int, members: Sequence[Step], changes: Sequence[Cause], lines: Sequence[TrendLine]
) -> Event:
    steps = tuple(sorted(members, key=lambda step: (step.found.error_chance, step.benchmark_id)))
    first = max(step.before for step in steps if step.found.index == run) + 1
    earliest = max(step.found.earliest for step in steps)
    latest = min(step.found.latest for step in steps)
    redefined = [cause for step in steps for cause in _redefinitions(step, lines)]
    known = sorted({*changes, *redefined}, key=lambda cause: (abs(cause.run - run), cause.run, cause.kind))
    exact = tuple(cause for cause in known if first <= cause.run <= run)
    near = exact or tuple(cause for cause in known if min(earliest, first) <= cause.run <= max(latest, run))
    strongest = steps[0].found
    growth = "" if near else slow_growth(runs[strongest.begin : run], runs[run : strongest.end])
    return Event(run, steps, near, is_exact=bool(exact), growth=growth)


def _redefinitions(step: Step, lines: Sequence[TrendLine]) -> list[Cause]:
    """Return where a benchmark's own definition changed."""
    (line,) = (line for line in lines if line.benchmark_id == step.benchmark_id)
    return [
        Cause(after.run, CauseKind.BENCHMARK, f"the benchmark itself was changed: {step.title}")
        for before, after in pairwise(line.values)
        if before.definition_hash and after.definition_hash and before.definition_hash != after.definition_hash
    ]
