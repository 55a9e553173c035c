"""What both sides took within the same moments, and one ratio from many such pairs.

Every pair holds a few times of each side, taken in turns within milliseconds, so that whatever slows the machine slows
both. The level of a side in a pair is the mean logarithm of its fastest quarter: another program only ever adds time
and spares the luckiest calls. A pair's difference of levels is one reading of the log ratio, free of every disturbance
that lasts longer than the pair.

Pairs from disturbed moments scatter more. How disturbed a moment was shows in the level of both sides together, which
says nothing about their difference; so pairs count the less the slower both sides were (inverse-variance weighting by a
covariate). On 20 runs of equal servers this spread by 4.5 % where the 10 % quantile of pooled times spread by 6.0 %.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stashbench.analyse.statistics import MAD_TO_SIGMA, quantile

LOW_SHARE = 0.25
_STEEPNESS = 5.0
"""A moment in which both sides were slower by a tenth counts 0.6 times as much."""
_LEAST_WEIGHT = 0.1
_ANCHOR_SHARE = 0.10
_MIDDLE = 0.5
_CLIP_AT = 2.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Times of A and B from one block; `unit` is what came out of one piece: a server process, or else a round.

    Benchmarks of one run may differ in what their units are; `shared_unit` is alike for all, None where `unit` is.
    """

    unit: int
    a: Sequence[float]
    b: Sequence[float]
    shared_unit: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One pair's log ratio of B to A, of the low level and of the median, and how much it counts."""

    unit: int
    low: float
    median: float
    weight: float
    shared_unit: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A weighted mean of readings, its standard error from the scatter between units, and the freedom of that.

    `within` is the standard error that the scatter of single readings within units alone would give: smaller where
    units differ by more than their readings explain. None where units hold too few readings to tell.
    """

    mean: float
    sigma: float
    freedom: float
    within: float | None


def readings_of(pairs: Iterable[Pair]) -> list[Reading]:
    """Return a reading for each pair in which both sides have usable times (above zero)."""
    raw = []
    for pair in pairs:
        a = sorted(math.log(value) for value in pair.a if value > 0)
        b = sorted(math.log(value) for value in pair.b if value > 0)
        if a and b:
            low_a, low_b = _low(a), _low(b)
            shared = pair.unit if pair.shared_unit is None else pair.shared_unit
            differences = low_b - low_a, quantile(b, _MIDDLE) - quantile(a, _MIDDLE)
            raw.append((pair.unit, shared, *differences, (low_a + low_b) / 2))
    if not raw:
        return []
    anchor = quantile(sorted(level for *_, level in raw), _ANCHOR_SHARE)
    return [
        Reading(unit, low, median, max(_LEAST_WEIGHT, math.exp(-_STEEPNESS * max(0.0, level - anchor))), shared)
        for unit, shared, low, median, level in raw
    ]


def spread_of(values: Sequence[float], weights: Sequence[float], units: Sequence[int]) -> Spread | None:
    """Return the weighted mean of readings, single wild ones pulled in, with its standard error from whole units.

    Readings of one unit share its luck, so only the scatter between units says how sure the mean is (cluster-robust
    variance with the leverage correction of MacKinnon and White, 1985). None without readings; with one unit the error
    is infinite.
    """
    if not values:
        return None
    clipped = _pulled_in(values)
    sums = _sums(clipped, weights, units)
    whole = math.fsum(total for total, _ in sums.values())
    mean = math.fsum(weighed for _, weighed in sums.values()) / whole
    middles = {unit: weighed / total for unit, (total, weighed) in sums.items()}
    within = _within(clipped, weights, [middles[unit] for unit in units], len(sums))
    if len(sums) == 1:
        return Spread(mean, math.inf, 0.0, within)
    shares = {unit: total / whole for unit, (total, _) in sums.items()}
    variance = math.fsum(share**2 * (middles[unit] - mean) ** 2 / (1 - share) for unit, share in shares.items())
    freedom = 1 / math.fsum(share**2 for share in shares.values()) - 1
    return Spread(mean, math.sqrt(variance), freedom, within)


def _within(
    values: Sequence[float], weights: Sequence[float], middles: Sequence[float], unit_count: int
) -> float | None:
    """Return the standard error of the weighted mean of all, from how far readings lie from their unit's own mean."""
    left = len(values) - unit_count
    if left < unit_count:
        return None
    squares = math.fsum(
        weight * (value - middle) ** 2 for value, weight, middle in zip(values, weights, middles, strict=True)
    )
    whole = math.fsum(weights)
    variance = squares / whole * len(values) / left
    return math.sqrt(variance * math.fsum(weight**2 for weight in weights)) / whole


def by_shared_unit(readings: Iterable[Reading]) -> Mapping[int, float]:
    """Return the weighted mean of the low readings in each of the units that all benchmarks share."""
    known = list(readings)
    sums = _sums(
        [reading.low for reading in known],
        [reading.weight for reading in known],
        [reading.shared_unit for reading in known],
    )
    return {unit: weighed / total for unit, (total, weighed) in sums.items()}


def _sums(values: Sequence[float], weights: Sequence[float], units: Sequence[int]) -> Mapping[int, tuple[float, float]]:
    """Return for each unit the sum of its weights, and that of its weighed values."""
    sums: dict[int, tuple[float, float]] = {}
    for value, weight, unit in zip(values, weights, units, strict=True):
        total, weighed = sums.get(unit, (0.0, 0.0))
        sums[unit] = (total + weight, weighed + weight * value)
    return sums


def _low(logs: Sequence[float]) -> float:
    """Return the mean of the lowest quarter of sorted logarithms, at least of one."""
    count = max(1, math.ceil(len(logs) * LOW_SHARE))
    return math.fsum(logs[:count]) / count


def _pulled_in(values: Sequence[float]) -> list[float]:
    """Move values beyond two robust deviations from the median to there (winsorising)."""
    centre = statistics.median(values)
    deviation = MAD_TO_SIGMA * statistics.median(abs(value - centre) for value in values)
    low, high = centre - _CLIP_AT * deviation, centre + _CLIP_AT * deviation
    return [min(max(value, low), high) for value in values]
