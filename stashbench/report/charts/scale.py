"""A scale maps values to positions of 0-1000 along a drawing, linear or logarithmic, with readable ticks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

EXTENT = 1000.0
_LOG_FROM_RATIO = 8.0
_NOTHING = 1e-12
_GAP_PERCENT = 16.0
_LEAN_PERCENT = 8.0
_CLOCK_TICKS = 4
_CLOCK_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
_STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """One labelled place: `percent` along the scale; `edge` says whether the label must lean inwards."""

    percent: float
    label: str
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """A closed range of values and how it is spread."""

    low: float
    high: float
    is_log: bool

    def position(self, value: float) -> float:
        """Place a value on 0-1000; values outside are kept at the ends."""
        clamped = min(max(value, self.low), self.high)
        if self.is_log:
            share = math.log(clamped / self.low) / math.log(self.high / self.low)
        else:
            share = (clamped - self.low) / (self.high - self.low)
        return share * EXTENT

    def percent(self, value: float) -> float:
        """Place a value on 0-100, rounded to what a style attribute needs."""
        return round(self.position(value) / EXTENT * 100, 2)

    def ticks(self, write: Callable[[float], str]) -> tuple[Tick, ...]:
        """Choose round values so far apart that their labels cannot collide."""
        return thin_out([(self.percent(value), write(value)) for value in self._round_values()])

    def _round_values(self) -> list[float]:
        if self.is_log:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            decades = [10.0**power for power in range(first, last + 1)]
            # Whole decades alone where there are many, else the thinning would leave an uneven mix.
            steps = _STEPS[:1] if self.high / self.low > 1e3 else _STEPS[:3]  # noqa: PLR2004 - three decades
            values = [decade * step for decade in decades for step in steps]
        else:
            step = nice_step((self.high - self.low) / 4)
            first = math.ceil(self.low / step - 1e-9)
            values = [(first + index) * step for index in range(int((self.high - self.low) / step) + 2)]
        margin = abs(self.high - self.low) * 1e-9
        return [value for value in values if self.low - margin <= value <= self.high + margin]


def thin_out(places: Iterable[tuple[float, str]]) -> tuple[Tick, ...]:
    """Keep from left to right what stands clear; a label at an edge leans inwards and needs half a label more."""
    chosen: list[Tick] = []
    for percent, label in places:
        edge = _edge(percent)
        gap = _GAP_PERCENT + _LEAN_PERCENT * (bool(edge) + bool(chosen and chosen[-1].edge))
        if not chosen or percent - chosen[-1].percent >= gap:
            chosen.append(Tick(percent, label, edge))
    return tuple(chosen)


def _edge(percent: float) -> str:
    if percent < _LEAN_PERCENT:
        return "start"
    return "end" if percent > 100 - _LEAN_PERCENT else ""


def nice_step(raw: float) -> float:
    """Round a step up to 1, 2 or 5 times a power of ten."""
    magnitude = 10.0 ** math.floor(math.log10(raw))
    return next(step * magnitude for step in _STEPS if raw <= step * magnitude * (1 + 1e-9))


def linear_from_zero(highest: float, *, is_binary: bool = False) -> Scale:
    """Return a linear scale from zero to a round number above the highest value, round in KiB, MiB, ... if binary."""
    if not math.isfinite(highest) or highest < _NOTHING:
        return Scale(0.0, 1.0, is_log=False)
    unit = 1024.0 ** math.floor(math.log(highest, 1024)) if is_binary and highest >= 1 else 1.0
    step = nice_step(highest / unit / 4) * unit
    return Scale(0.0, math.ceil(highest / step - 1e-9) * step, is_log=False)


def clock_scale(last_seconds: float) -> tuple[Scale, tuple[Tick, ...]]:
    """Return the scale of a run's clock with ticks on whole seconds, minutes or hours, written m:ss or h:mm:ss."""
    scale = Scale(0.0, last_seconds, is_log=False)
    step = next((step for step in _CLOCK_STEPS if last_seconds / step <= _CLOCK_TICKS), last_seconds / _CLOCK_TICKS)
    values = [index * step for index in range(int(last_seconds / step) + 1)]
    return scale, thin_out([(scale.percent(value), _clock(value)) for value in values])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def times_scale(lowest: float, highest: float) -> Scale:
    """Return the scale for times: logarithmic where they span much, else linear from zero."""
    if lowest > 0 and highest / lowest > _LOG_FROM_RATIO:
        return Scale(lowest * 0.9, highest * 1.1, is_log=True)
    return linear_from_zero(highest)
