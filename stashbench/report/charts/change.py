"""Changes against the baseline on one shared scale of ratios: equal steps for half and for twice the time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from stashbench.model.baseline import Comparison
from stashbench.report.charts.scale import Scale, Tick
from stashbench.report.quantities import change, significant

_FARTHEST = 16.0
_NEAREST = 1.25
_TICKS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1 / 1.5, 1 / 1.2, 1 / 1.1, 1.0, 1.1, 1.2, 1.5, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True, slots=True)
class ChangeBar:
    """Percent positions of one comparison's interval, its middle, and the threshold."""

    begin: float
    width: float
    middle: float
    threshold: float | None


def ratio_scale(comparisons: Iterable[Comparison]) -> Scale:
    """Return the scale that holds all intervals, symmetrical about "no change"."""
    farthest = _NEAREST
    for item in comparisons:
        for ratio in (item.ratio, item.ci_low, item.ci_high, item.threshold_ratio):
            if ratio is not None and math.isfinite(ratio) and ratio > 0:
                farthest = max(farthest, ratio, 1 / ratio)
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


def draw_change(comparison: Comparison, scale: Scale) -> ChangeBar | None:
    """Place one comparison; None where there is no ratio to draw."""
    ratio = comparison.ratio
    if ratio is None or not math.isfinite(ratio) or ratio <= 0:
        return None
    low = scale.percent(comparison.ci_low if comparison.ci_low and comparison.ci_low > 0 else ratio)
    high = scale.percent(comparison.ci_high if comparison.ci_high and comparison.ci_high > 0 else ratio)
    limit = comparison.threshold_ratio
    return ChangeBar(
        begin=low,
        width=round(max(high - low, 0.0), 2),
        middle=scale.percent(ratio),
        threshold=scale.percent(limit) if limit is not None and limit > 0 else None,
    )


def change_in_words(comparison: Comparison) -> str:
    """Say the change with its direction, as in "42 % slower"; empty where there is no ratio."""
    ratio = comparison.ratio
    if ratio is None or not math.isfinite(ratio):
        return ""
    if ratio >= 2:  # noqa: PLR2004 - from here on a factor reads better
        return f"{significant(ratio, 2)} times as long"
    size = change(ratio).lstrip("+\N{MINUS SIGN}")
    return "no change" if size == change(1.0) else f"{size} {'slower' if ratio > 1 else 'faster'}"


def interval_in_words(comparison: Comparison) -> str:
    """Write the ratio's interval as changes, as in "+35 % to +49 %"; empty where there is none."""
    if comparison.ci_low is None or comparison.ci_high is None:
        return ""
    return f"{change(comparison.ci_low)} to {change(comparison.ci_high)}"
