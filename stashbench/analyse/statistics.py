"""Robust statistics of benchmark rounds: order statistics and exact intervals.

Methods and where they come from:

* Quantiles: linear interpolation of order statistics, type 7 of Hyndman and Fan, "Sample Quantiles in Statistical
  Packages", The American Statistician 50 (1996).
* Interval of the median: order statistics chosen by the binomial distribution, distribution-free (Conover, "Practical
  Nonparametric Statistics", section 3.2). Its coverage is at least 95 % from six rounds on; below that the smallest and
  the largest round are given, whose coverage is 1 - 2^(1-n).
* Outliers: Tukey's fences at 1.5 interquartile ranges ("Exploratory Data Analysis", 1977). Counted, never removed.
* Intervals of shares: Wilson, JASA 22 (1927), which holds for few cases too.

All of it describes the noise inside one session. Two sessions on one machine differ by more than that; see `stored`.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from stashbench.errors import StashbenchError
from stashbench.model.measurement import Statistics

MINIMUM_ROUNDS = 5
FEWEST_FOR_INTERVAL = 6
"""Rounds from which on an interval of the median can hold it with 95 % confidence."""
CONFIDENCE = 0.95
MAD_TO_SIGMA = 1.4826
"""Median absolute deviation to standard deviation, of a normal distribution."""
_Z95 = 1.959964


def summarise(rounds_seconds: Sequence[float]) -> Statistics:
    """Describe the rounds by quantiles, an exact 95 % interval of the median, and Tukey's outliers.

    Raises:
        StashbenchError: there is no round, or a round is negative or not a number.
    """
    rounds = _checked(rounds_seconds)
    low_index, high_index = median_interval_indexes(len(rounds))
    return Statistics(
        count=len(rounds),
        median_seconds=quantile(rounds, 0.5),
        median_ci_low_seconds=rounds[low_index],
        median_ci_high_seconds=rounds[high_index],
        mean_seconds=min(max(statistics.fmean(rounds), rounds[0]), rounds[-1]),
        stddev_seconds=statistics.stdev(rounds) if len(rounds) > 1 else 0.0,
        minimum_seconds=rounds[0],
        maximum_seconds=rounds[-1],
        q10_seconds=quantile(rounds, 0.10),
        q25_seconds=quantile(rounds, 0.25),
        q75_seconds=quantile(rounds, 0.75),
        p95_seconds=quantile(rounds, 0.95),
        outlier_count=count_outliers(rounds),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the quantile (0-1) of ascending values by linear interpolation (type 7)."""
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    part = position - below
    if part == 0.0 or ordered[below] == ordered[above]:
        return ordered[below]
    value = ordered[below] + (ordered[above] - ordered[below]) * part
    return min(max(value, ordered[below]), ordered[above])


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (0-1), also of few cases (Wilson, JASA 22, 1927). `count` is above 0."""
    share, spread = hits / count, _Z95**2 / count
    middle = (share + spread / 2) / (1 + spread)
    margin = _Z95 / (1 + spread) * math.sqrt(share * (1 - share) / count + spread / (4 * count))
    # At the ends the bound is exactly 0 or 1; floating point would miss it by a hair.
    low = 0.0 if hits == 0 else max(0.0, middle - margin)
    high = 1.0 if hits == count else min(1.0, middle + margin)
    return low, high


def median_interval_indexes(count: int) -> tuple[int, int]:
    """Return the zero-based ranks whose values bound the median with at least 95 % confidence.

    Fewer than six values cannot reach 95 %; then these are the first and the last rank.
    """
    tail_limit = (1.0 - CONFIDENCE) / 2.0
    tail = 0.0
    rank = 0
    for below in range(count // 2):
        # P(Binomial(count, 1/2) = below), by logarithms: 2^-count underflows beyond a thousand rounds.
        log_probability = (
            math.lgamma(count + 1) - math.lgamma(below + 1) - math.lgamma(count - below + 1) - count * math.log(2.0)
        )
        tail += math.exp(log_probability)
        if tail > tail_limit:
            break
        rank = below
    return rank, count - 1 - rank


def count_outliers(ordered: Sequence[float]) -> int:
    """Count the ascending values outside Tukey's fences (1.5 interquartile ranges beyond the quartiles)."""
    q25, q75 = quantile(ordered, 0.25), quantile(ordered, 0.75)
    reach = 1.5 * (q75 - q25)
    return sum(1 for value in ordered if value < q25 - reach or value > q75 + reach)


def _checked(rounds_seconds: Sequence[float]) -> list[float]:
    if not rounds_seconds:
        message = "There are no rounds to summarise; run the benchmark at least once."
        raise StashbenchError(message)
    if any(not math.isfinite(value) or value < 0.0 for value in rounds_seconds):
        message = "A round is negative or not a number; the clock or the stored document is damaged, measure again."
        raise StashbenchError(message)
    return sorted(rounds_seconds)
