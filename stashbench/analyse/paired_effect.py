"""How much B differs from A on one benchmark, and on all of them together, with what that scatters by itself."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stashbench.analyse.block_pairs import Pair, Reading, by_shared_unit, spread_of
from stashbench.analyse.noise import Scatter
from stashbench.analyse.student import student_quantile

FEWEST_UNITS = 4
CONFIDENCE = 0.975
_SMALL = 1.0
"""Few units tell the scatter of their mean too low where single ones are wild; found by simulation with noise of many
kinds: so much makes the interval cover what it should."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One benchmark's log ratio, and how far it scatters; `scatter` None where there are too few units.

    `median` is the log ratio of the medians and `median_sigma` its standard error: work that became slower slows the
    middle too. `within` is what `scatter` would be if units did not differ, `size` how many equal readings the weighted
    ones are worth, `sample_count` how many times the side with fewer has.
    """

    theta: float
    median: float
    median_sigma: float
    scatter: Scatter | None
    within: float | None
    size: float
    unit_count: int
    sample_count: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A ratio of B to A with its 95 % interval."""

    ratio: float
    low: float
    high: float


def measure_effect(pairs: Sequence[Pair], readings: Sequence[Reading]) -> Effect | None:
    """Return the log ratio of B to A and its scatter, from the `readings` of pairs; None where there are none."""
    weights, units = [reading.weight for reading in readings], [reading.unit for reading in readings]
    low = spread_of([reading.low for reading in readings], weights, units)
    median = spread_of([reading.median for reading in readings], weights, units)
    if low is None or median is None:
        return None
    count = len(set(units))
    is_enough = count >= FEWEST_UNITS and low.freedom >= 1
    sigma = low.sigma * math.sqrt(1 + _SMALL / low.freedom) if is_enough else math.inf
    return Effect(
        theta=low.mean,
        median=median.mean,
        median_sigma=median.sigma,
        scatter=Scatter(sigma, low.freedom) if is_enough else None,
        within=low.within,
        size=sum(weights) ** 2 / sum(weight**2 for weight in weights),
        unit_count=count,
        sample_count=min(sum(len(pair.a) for pair in pairs), sum(len(pair.b) for pair in pairs)),
    )


def whole_suite(readings: Iterable[Sequence[Reading]]) -> Interval | None:
    """Return how much all benchmarks moved together: the middle of their ratios in each unit, and over the units.

    A common cause - the runtime, the machine, what all pages share - may be too small to show on any one page. None
    where the units in which all took part are too few.
    """
    found = [by_shared_unit(own) for own in readings]
    shared = set.intersection(*(set(one) for one in found)) if found else set()
    middles = [statistics.median(one[unit] for one in found) for unit in sorted(shared)]
    if len(middles) < FEWEST_UNITS:
        return None
    middle = statistics.fmean(middles)
    freedom = len(middles) - 1
    error = statistics.stdev(middles) / math.sqrt(len(middles)) * math.sqrt(1 + _SMALL / freedom)
    margin = student_quantile(CONFIDENCE, freedom) * error
    return Interval(math.exp(middle), math.exp(middle - margin), math.exp(middle + margin))
