"""One benchmark of the trend page: its drawing, and its levels as a table beside it."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stashbench.analyse.trend_events import Step, TrendFindings
from stashbench.model.text import one_line
from stashbench.model.trend import TrendLine
from stashbench.report.charts.history_line import HistoryLine, draw_history
from stashbench.report.quantities import DASH, change, duration
from stashbench.report.view.trend_events import interval
from stashbench.report.view.words import date_in_words, plural
from stashbench.report.visible import anchor

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A stretch of runs on one level: its middle time, and the change against the stretch before."""

    since: str
    runs: str
    seconds: str
    change: str
    interval: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One benchmark: `low` and `high` are the times at the drawing's lower and upper edge."""

    anchor: str
    title: str
    identifier: str
    newest: str
    drawing: HistoryLine
    low: str
    high: str
    label: str
    levels: tuple[LevelRow, ...]


def view_line(findings: TrendFindings, line: TrendLine, marks: Collection[int], server: str) -> LineView:
    """Draw a benchmark and put its levels into words; `marks` are runs in which something changed."""
    runs, steps = findings.trend.runs, findings.steps_of(line.benchmark_id)
    stretches = _stretches(line, steps, len(runs), findings.left_out)
    drawing = draw_history(
        [(value.run, value.q10_seconds, value.run not in findings.left_out) for value in line.values],
        [(first, last, level) for first, last, _, level in stretches],
        marks,
        len(runs),
    )
    rows = tuple(
        LevelRow(
            since=date_in_words(runs[first].started_at),
            runs=f"{count:,}",
            seconds=duration(level),
            change=change(step.found.ratio) if step else DASH,
            interval=interval(step.found) if step else DASH,
        )
        for (first, _, count, level), step in zip(stretches, (None, *steps), strict=True)
    )
    title = one_line(line.title, _LONGEST)
    return LineView(
        anchor=anchor("b", f"{server} {line.benchmark_id}"),
        title=title,
        identifier=one_line(line.benchmark_id, _LONGEST),
        newest=duration(line.values[-1].q10_seconds),
        drawing=drawing,
        low=duration(drawing.low),
        high=duration(drawing.high),
        label=f"{title} over {plural(len(line.values), 'run')}: {_told(rows)}",
        levels=rows,
    )


def _stretches(
    line: TrendLine, steps: Sequence[Step], run_count: int, left_out: Collection[int]
) -> tuple[tuple[int, int, int, float], ...]:
    """Return first run, last run, number of runs and middle time of each stretch between steps.

    A benchmark that was only measured in runs that do not count has one stretch of all of them.
    """
    values = [value for value in line.values if value.run not in left_out] or list(line.values)
    bounds = [0, *(step.found.index for step in steps), run_count]
    found = []
    for begin, end in pairwise(bounds):
        part = [value for value in values if begin <= value.run < end]
        level = statistics.median(value.q10_seconds for value in part)
        found.append((part[0].run, part[-1].run, len(part), level))
    return tuple(found)


def _told(rows: Sequence[LevelRow]) -> str:
    """Say the drawing in words, for who cannot see it."""
    if len(rows) == 1:
        return f"{rows[0].seconds}, no change found"
    return "; ".join(f"{row.seconds} since {row.since}" for row in rows)
