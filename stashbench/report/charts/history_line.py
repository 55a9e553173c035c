"""One benchmark over many runs: a dot a run, its levels, and marks where something was recorded to change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stashbench.report.charts.scale import EXTENT, Scale

HEIGHT = 100.0
_LEAST_SPAN = 1.3
_MARGIN = 1.06
_FARTHEST = 2.5
_SIDE = 12.0


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Path data on a drawing of 1000 x 100 stretched to its place; `low` and `high` are the seconds at its edges."""

    dots: str
    unfit: str
    levels: str
    steps: str
    marks: str
    low: float
    high: float


def draw_history(
    values: Sequence[tuple[int, float, bool]],
    levels: Iterable[tuple[int, int, float]],
    marks: Iterable[int],
    run_count: int,
) -> HistoryLine:
    """Draw a benchmark's runs.

    Args:
        values: run, seconds, and whether the machine was fit; in the order of runs, at least one.
        levels: first run, last run and seconds of each level stretch.
        marks: runs in which something was recorded to change.
        run_count: how many runs the drawing is wide.
    """
    levels = tuple(levels)
    scale = _times(values, levels)

    def place(run: float) -> float:
        return across(run, run_count)

    def up(seconds: float) -> float:
        return HEIGHT - scale.position(seconds) / EXTENT * HEIGHT

    def dots(*, are_fit: bool) -> str:
        return "".join(f"M{place(run):.0f} {up(seconds):.0f}h0" for run, seconds, fit in values if fit is are_fit)

    return HistoryLine(
        dots=dots(are_fit=True),
        unfit=dots(are_fit=False),
        levels="".join(f"M{place(a):.0f} {up(level):.1f}H{max(place(b), place(a) + 4):.0f}" for a, b, level in levels),
        steps="".join(f"M{place(a - 0.5):.0f} 0V{HEIGHT:.0f}" for a, _, _ in levels[1:]),
        marks="".join(f"M{place(run - 0.5):.0f} 0V{HEIGHT:.0f}" for run in sorted(set(marks))),
        low=scale.low,
        high=scale.high,
    )


def across(run: float, run_count: int) -> float:
    """Place a run on 0-1000, with a margin at both ends; a single run stands in the middle."""
    if run_count < 2:  # noqa: PLR2004 - one run alone
        return EXTENT / 2
    return _SIDE + run / (run_count - 1) * (EXTENT - 2 * _SIDE)


def _times(values: Sequence[tuple[int, float, bool]], levels: Sequence[tuple[int, int, float]]) -> Scale:
    """Return a logarithmic scale: wide enough that noise does not look like a step, and not for one run's hiccup."""
    seconds = [value for _, value, _ in values]
    middle = [level for _, _, level in levels] or sorted(seconds)[len(seconds) // 2 : len(seconds) // 2 + 1]
    low = max(min(seconds), min(middle) / _FARTHEST) / _MARGIN
    high = min(max(seconds), max(middle) * _FARTHEST) * _MARGIN
    missing = math.sqrt(max(_LEAST_SPAN / (high / low), 1.0))
    return Scale(low / missing, high * missing, is_log=True)
