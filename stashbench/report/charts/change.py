"""Changes against the baseline on one shared scale of ratios: equal steps for half and for twice the time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from stashbench.model.baseline import Comparison, SuiteShift
from stashbench.report.charts.scale import Scale, Tick
from stashbench.report.quantities import change, significant

_FARTHEST = 16.0
_TWICE = 2.0
_NEAREST = 1.25
BARS_WITHIN = 2.0
"""A threshold beyond this does not widen the scale: one noisy page would squeeze all others."""
_TICKS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1 / 1.5, 1 / 1.2, 1 / 1.1, 1.0, 1.1, 1.2, 1.5, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True, slots=True)
class ChangeBar:
    """Percent positions of one comparison's interval, its middle, the thresholds, and the smallest visible slowdown.

    What lies beyond the scale is left out; `beyond` says on which side the middle does.
    """

    begin: float
    width: float
    middle: float
    thresholds: tuple[float, ...]
    visible: float | None
    beyond: str


def ratio_scale(comparisons: Iterable[Comparison | SuiteShift]) -> Scale:
    """Return the scale that holds all intervals, symmetrical about "no change"."""
    farthest = _NEAREST
    for item in comparisons:
        for ratio in (item.ratio, item.ci_low, item.ci_high):
            if ratio is not None and math.isfinite(ratio) and ratio > 0:
                farthest = max(farthest, ratio, 1 / ratio)
        for bar in (item.threshold_ratio, _visible(item)):
            if bar is not None and 1 <= bar <= BARS_WITHIN:
                farthest = max(farthest, bar)
    farthest = min(farthest * 1.08, _FARTHEST)
    return Scale(1 / farthest, farthest, is_log=True)


def ratio_ticks(scale: Scale) -> tuple[Tick, ...]:
    """Return ticks outwards from "no change", none nearer to another than a label's width."""
    chosen = [Tick(scale.percent(1.0), "same")]
    for outwards in (
        sorted(value for value in _TICKS if value > 1),
        sorted((v for v in _TICKS if v < 1), reverse=True),
    ):
        last = scale.percent(1.0)
        for value in outwards:
            percent = scale.percent(value)
            if scale.low <= value <= scale.high and abs(percent - last) >= 17 and 5 < percent < 95:  # noqa: PLR2004
                chosen.append(Tick(percent, change(value)))
                last = percent
    return tuple(sorted(chosen, key=lambda tick: tick.percent))


def draw_change(comparison: Comparison | SuiteShift, scale: Scale) -> ChangeBar | None:
    """Place one comparison; None where there is no ratio to draw."""
    ratio = comparison.ratio
    if ratio is None or not math.isfinite(ratio) or ratio <= 0:
        return None
    low = scale.percent(comparison.ci_low if comparison.ci_low and comparison.ci_low > 0 else ratio)
    high = scale.percent(comparison.ci_high if comparison.ci_high and comparison.ci_high > 0 else ratio)
    limit = comparison.threshold_ratio
    limits = (1 / limit, limit) if limit is not None and limit > 0 else ()
    visible = _visible(comparison)
    return ChangeBar(
        begin=low,
        width=round(max(high - low, 0.0), 2),
        middle=scale.percent(ratio),
        thresholds=tuple(scale.percent(edge) for edge in limits if scale.low <= edge <= scale.high),
        visible=scale.percent(visible) if visible is not None and scale.low <= visible <= scale.high else None,
        beyond="right" if ratio > scale.high else "left" if ratio < scale.low else "",
    )


def _visible(item: Comparison | SuiteShift) -> float | None:
    return item.smallest_visible if isinstance(item, Comparison) else None


def change_in_words(comparison: Comparison | SuiteShift) -> str:
    """Say the change with its direction, as in "42 % slower"; empty where there is no ratio."""
    ratio = comparison.ratio
    if ratio is None or not math.isfinite(ratio):
        return ""
    if ratio >= _TWICE:  # from here on a factor reads better
        return f"{significant(ratio, 2)} times as long"
    if 0 < ratio <= 1 / _TWICE:
        return f"{significant(1 / ratio, 2)} times as fast"
    size = change(ratio).lstrip("+\N{MINUS SIGN}")
    return "no change" if size == change(1.0) else f"{size} {'slower' if ratio > 1 else 'faster'}"


def interval_in_words(comparison: Comparison | SuiteShift) -> str:
    """Write the ratio's interval as changes, as in "+35 % to +49 %"; empty where there is none."""
    if comparison.ci_low is None or comparison.ci_high is None:
        return ""
    return f"{change(comparison.ci_low)} to {change(comparison.ci_high)}"
