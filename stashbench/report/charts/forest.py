"""Ratios of two sides with their intervals, one row a page, on one scale: a forest plot; and both sides' times."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stashbench.model.side_by_side import PairedBenchmark
from stashbench.report.charts.change import BARS_WITHIN
from stashbench.report.charts.reduction import extremes
from stashbench.report.charts.scale import Scale, Tick, times_scale

_FARTHEST = 16.0
_NEAREST = 1.15
_MARGIN = 1.06
_DOTS_AT_MOST = 80
_LANES = {"a": (6.0, 44.0), "b": (56.0, 94.0)}
_MOST_SHOWN = 0.98
_GAP_PERCENT = 28.0


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One page on a drawing of 1000 x 100 stretched to its place; `beyond` says that it lies past the scale's end."""

    interval: str
    point: str
    limits: str
    visible: str
    beyond: str


@dataclass(frozen=True, slots=True)
class TimesOfBoth:
    """Both sides' times on one scale, A above B, in the order they were taken; positions on 1000 x 100."""

    dots: str
    boxes: tuple[tuple[float, float, float], ...]
    medians: str
    lows: str
    ticks: tuple[Tick, ...]


def forest_scale(benchmarks: Iterable[PairedBenchmark]) -> Scale:
    """Return the scale that holds all intervals, symmetrical about "same"; beyond 16 times it ends."""
    farthest = _NEAREST
    for item in benchmarks:
        for ratio in (item.ratio, item.ci_low, item.ci_high):
            if ratio is not None and math.isfinite(ratio) and ratio > 0:
                farthest = max(farthest, ratio, 1 / ratio)
        for bar in (item.threshold_ratio, item.smallest_visible):
            if bar is not None and 1 <= bar <= BARS_WITHIN:
                farthest = max(farthest, bar)
    farthest = min(farthest * _MARGIN, _FARTHEST)
    return Scale(1 / farthest, farthest, is_log=True)


def draw_row(item: PairedBenchmark, scale: Scale) -> ForestRow | None:
    """Draw one page's interval and ratio, beyond which ratios it counts, and the smallest slowdown that would be found.

    None where there is no ratio.
    """
    if item.ratio is None or not math.isfinite(item.ratio) or item.ratio <= 0:
        return None
    low, high = item.ci_low or item.ratio, item.ci_high or item.ratio
    left, right = scale.position(low), scale.position(high)
    limits = ""
    if item.threshold_ratio is not None and scale.low <= 1 / item.threshold_ratio:
        edges = (scale.position(1 / item.threshold_ratio), scale.position(item.threshold_ratio))
        limits = "".join(f"M{edge:.1f} 0v100" for edge in edges)
    visible = ""
    if item.smallest_visible is not None and 0 < item.smallest_visible <= scale.high:
        visible = f"M{scale.position(item.smallest_visible):.1f} 66v34"
    beyond = "right" if item.ratio > scale.high else "left" if item.ratio < scale.low else ""
    return ForestRow(
        interval=f"M{left:.1f} 50H{max(right, left + 1):.1f}M{left:.1f} 36v28M{right:.1f} 36v28",
        point=f"M{scale.position(item.ratio):.1f} 50h0",
        limits=limits,
        visible=visible,
        beyond=beyond,
    )


def draw_times(a: Sequence[float], b: Sequence[float]) -> TimesOfBoth | None:
    """Draw both sides' times in seconds; None where a side has none. The slowest of each may lie past the edge."""
    from stashbench.report.quantities import duration

    if not a or not b or min(*a, *b) <= 0:
        return None
    ordered = {"a": sorted(a), "b": sorted(b)}
    highest = max(_at(times, _MOST_SHOWN) for times in ordered.values())
    scale = times_scale(min(times[0] for times in ordered.values()), highest)
    dots, boxes, medians, lows = [], [], [], []
    for side, times in (("a", a), ("b", b)):
        top, bottom = _LANES[side]
        last = max(len(times) - 1, 1)
        for index, seconds in extremes(times, _DOTS_AT_MOST):
            if seconds is not None and seconds <= scale.high:
                dots.append(f"M{scale.position(seconds):.0f} {top + 4 + index / last * (bottom - top - 8):.0f}h0")
        left, right = (scale.position(_at(ordered[side], share)) for share in (0.25, 0.75))
        boxes.append((round(left, 1), top, round(max(right - left, 1.0), 1)))
        medians.append(f"M{scale.position(_at(ordered[side], 0.5)):.1f} {top:.0f}V{bottom:.0f}")
        lows.append(f"M{scale.position(_at(ordered[side], 0.1)):.1f} {top:.0f}V{bottom:.0f}")
    return TimesOfBoth("".join(dots), tuple(boxes), "".join(medians), "".join(lows), _wide_apart(scale.ticks(duration)))


def _wide_apart(ticks: tuple[Tick, ...]) -> tuple[Tick, ...]:
    """Keep ticks whose labels stand clear of each other on a phone too: the lanes' names take of its width."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or tick.percent - kept[-1].percent >= _GAP_PERCENT:
            kept.append(tick)
    return tuple(kept)


def _at(times: Sequence[float], share: float) -> float:
    return times[min(int(share * len(times)), len(times) - 1)]
