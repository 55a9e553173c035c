"""One benchmark's rounds as dots on a shared scale, with the middle half, the median and the baseline's median."""

from __future__ import annotations

from dataclasses import dataclass

from stashbench.model.measurement import Measurement, Statistics
from stashbench.report.charts.reduction import extremes
from stashbench.report.charts.scale import Scale

HEIGHT = 100
_DOTS_AT_MOST = 60
_MARGIN = 14


@dataclass(frozen=True, slots=True)
class Strip:
    """Path data and positions on a drawing of 1000 x 100 that is stretched to its place."""

    dots: str
    box_x: float
    box_width: float
    median_x: float
    baseline_x: float | None


def draw_strip(measurement: Measurement, statistics: Statistics, scale: Scale, baseline_seconds: float | None) -> Strip:
    """Draw the rounds in the order they ran, first at the top, so that a drift shows as a slope."""
    rounds = measurement.rounds_seconds
    last = max(len(rounds) - 1, 1)
    marks: list[str] = []
    for index, seconds in extremes(rounds, _DOTS_AT_MOST):
        if seconds is not None:
            y = HEIGHT / 2 if len(rounds) == 1 else _MARGIN + index / last * (HEIGHT - 2 * _MARGIN)
            marks.append(f"M{scale.position(seconds):.0f} {y:.0f}h0")
    box_low, box_high = scale.position(statistics.q25_seconds), scale.position(statistics.q75_seconds)
    return Strip(
        dots="".join(marks),
        box_x=round(box_low, 1),
        box_width=round(max(box_high - box_low, 1.0), 1),
        median_x=round(scale.position(statistics.median_seconds), 1),
        baseline_x=None if baseline_seconds is None else round(scale.position(baseline_seconds), 1),
    )
