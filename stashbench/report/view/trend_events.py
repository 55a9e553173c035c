"""An event of the trend page in words: what moved, how far, how surely, and what was recorded to change there."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from stashbench.analyse.change_points import ChangePoint
from stashbench.analyse.trend_events import Event, Step
from stashbench.model.text import one_line
from stashbench.model.trend import TrendRun
from stashbench.report.quantities import change, significant
from stashbench.report.view.words import Chip, date_in_words, plural

_LONGEST = 300
_RAREST = 1e-6


@dataclass(frozen=True, slots=True)
class StepRow:
    """One benchmark of an event."""

    title: str
    change: str
    interval: str
    first: str
    last: str
    chance: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One event; `href` is empty where the run's report is gone."""

    chip: Chip
    headline: str
    date: str
    timestamp: str
    href: str
    cause: str
    steps: tuple[StepRow, ...]


def view_event(event: Event, runs: Sequence[TrendRun], reports: Collection[str]) -> EventView:
    """Put an event into words."""
    run = runs[event.run]
    slower = [step for step in event.steps if step.found.ratio > 1]
    faster = [step for step in event.steps if step.found.ratio < 1]
    told = [_moved(steps, word) for steps, word in ((slower, "slower"), (faster, "faster")) if steps]
    return EventView(
        chip=_chip(bool(slower), bool(faster)),
        headline="; ".join(told),
        date=date_in_words(run.started_at),
        timestamp=run.started_at,
        href=href_of(run, reports),
        cause=one_line(_cause(event, runs), _LONGEST * 2),
        steps=tuple(_row(step, runs) for step in event.steps),
    )


def href_of(run: TrendRun, reports: Collection[str]) -> str:
    """Return the address of a run's report relative to the trend page, or nothing where there is none."""
    return f"{quote(run.run_id, safe='')}/report.html" if run.run_id in reports else ""


def interval(point: ChangePoint) -> str:
    """Write the 95 % interval of a step's size."""
    return f"{change(point.ci_low)} to {change(point.ci_high)}"


def _chip(has_slower: bool, has_faster: bool) -> Chip:
    if has_slower and has_faster:
        return Chip("warning", "◆", "Mixed")
    return Chip("critical", "▲", "Slower") if has_slower else Chip("good", "▼", "Faster")


def _moved(steps: Sequence[Step], word: str) -> str:
    """Say how many benchmarks moved one way and how far."""
    ordered = sorted(steps, key=lambda step: abs(math.log(step.found.ratio)))
    least, most = ordered[0], ordered[-1]
    title = one_line(most.title, _LONGEST)
    if len(steps) == 1:
        return f"{title} became {word}: {change(most.found.ratio)}"
    return (
        f"{plural(len(steps), 'benchmark')} became {word}, from {change(least.found.ratio)} to "
        f"{change(most.found.ratio)} ({title})"
    )


def _cause(event: Event, runs: Sequence[TrendRun]) -> str:
    if not event.causes:
        return f"No recorded cause{f'; {event.growth}' if event.growth else ''}."
    texts = dict.fromkeys(
        cause.text if event.is_exact else f"{cause.text} ({date_in_words(runs[cause.run].started_at)})"
        for cause in event.causes
    )
    told = "; ".join(texts)
    if event.is_exact:
        return f"Recorded to change just then: {told}."
    return f"Nothing was recorded to change in that very run; the step may as well have come with: {told}."


def _row(step: Step, runs: Sequence[TrendRun]) -> StepRow:
    point = step.found
    first, last = runs[point.earliest], runs[point.latest]
    return StepRow(
        title=one_line(step.title, _LONGEST),
        change=change(point.ratio),
        interval=interval(point),
        first=date_in_words(first.started_at),
        last=date_in_words(last.started_at),
        chance=_chance(point.error_chance),
    )


def _chance(share: float) -> str:
    """Say of how many histories without any change one would show such a step."""
    if share < _RAREST:
        return "fewer than 1 of a million"
    return f"1 of {significant(1 / share, 2)}"
