"""Times of one page taken at several moments, under one another on one scale: quantiles as dots, a box, two lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.model.baseline import QUANTILE_SHARES
from stashbench.report.charts.scale import Scale, Tick, nice_step, thin_out
from stashbench.report.quantities import duration

_MARGIN = 0.05
_LOG_FROM_RATIO = 8.0
_TOP, _BOTTOM = 14.0, 86.0
_LEAST_GAP_PERCENT = 24.0
_STEPS, _MOST_TICKS = 6, 16
_LOW, _BOX, _MIDDLE = QUANTILE_SHARES.index(0.1), (QUANTILE_SHARES.index(0.25), QUANTILE_SHARES.index(0.75)), 10


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantiles of some times at `QUANTILE_SHARES`, in seconds; `lows_seconds` are single sessions' fastest tenths."""

    name: str
    quantiles_seconds: tuple[float, ...]
    lows_seconds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """One row on a drawing of 1000 x 100 stretched to its place; the fastest answers stand lowest."""

    name: str
    dots: str
    box_x: float
    box_width: float
    median: str
    low: str
    sessions: str


@dataclass(frozen=True, slots=True)
class Distributions:
    """All rows with their common scale, which does not begin at zero."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]


def draw_distributions(spreads: Sequence[Spread]) -> Distributions | None:
    """Draw spreads under one another; None where one of them has no usable times."""
    if not spreads or not all(_is_usable(spread) for spread in spreads):
        return None
    values = [value for spread in spreads for value in (*spread.quantiles_seconds, *spread.lows_seconds)]
    scale = _scale(min(values), max(values))
    return Distributions(tuple(_lane(spread, scale) for spread in spreads), _apart(_ticks(scale)))


def _is_usable(spread: Spread) -> bool:
    values = (*spread.quantiles_seconds, *spread.lows_seconds)
    return len(spread.quantiles_seconds) == len(QUANTILE_SHARES) and all(
        value > 0 and math.isfinite(value) for value in values
    )


def _scale(lowest: float, highest: float) -> Scale:
    """Return a scale that shows differences of some per cent: it begins near the fastest answer, not at zero."""
    if highest / lowest > _LOG_FROM_RATIO:
        return Scale(lowest * 0.9, highest * 1.1, is_log=True)
    margin = max((highest - lowest) * _MARGIN, highest * 0.01)
    return Scale(lowest - margin, highest + margin, is_log=False)


def _lane(spread: Spread, scale: Scale) -> Lane:
    places = [scale.position(value) for value in spread.quantiles_seconds]
    rise = (_BOTTOM - _TOP) / (len(places) - 1)
    left, right = (places[index] for index in _BOX)
    return Lane(
        name=spread.name,
        dots="".join(f"M{x:.0f} {_BOTTOM - index * rise:.0f}h0" for index, x in enumerate(places)),
        box_x=round(left, 1),
        box_width=round(max(right - left, 1.0), 1),
        median=f"M{places[_MIDDLE]:.1f} 6v88",
        low=f"M{places[_LOW]:.1f} 6v88",
        sessions="".join(f"M{scale.position(value):.1f} 78v22" for value in spread.lows_seconds),
    )


def _ticks(scale: Scale) -> tuple[Tick, ...]:
    """Return round values; on a linear scale closer ones than usual, so that a narrow range has more than one."""
    if scale.is_log:
        return scale.ticks(duration)
    step = nice_step((scale.high - scale.low) / _STEPS)
    first = math.ceil(scale.low / step)
    values = [(first + index) * step for index in range(_MOST_TICKS) if (first + index) * step <= scale.high]
    return thin_out([(scale.percent(value), duration(value)) for value in values])


def _apart(ticks: tuple[Tick, ...]) -> tuple[Tick, ...]:
    """Keep ticks whose labels stand clear of each other on a phone too."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or tick.percent - kept[-1].percent >= _LEAST_GAP_PERCENT:
            kept.append(tick)
    return tuple(kept)
