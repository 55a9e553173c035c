"""Robust statistics of benchmark rounds: order statistics, exact intervals, and a seeded bootstrap of a ratio.

Methods and where they come from:

* Quantiles: linear interpolation of order statistics, type 7 of Hyndman and Fan, "Sample Quantiles in Statistical
  Packages", The American Statistician 50 (1996).
* Interval of the median: order statistics chosen by the binomial distribution, distribution-free (Conover, "Practical
  Nonparametric Statistics", section 3.2). Its coverage is at least 95 % from six rounds on; below that the smallest and
  the largest round are given, whose coverage is 1 - 2^(1-n).
* Outliers: Tukey's fences at 1.5 interquartile ranges ("Exploratory Data Analysis", 1977). Counted, never removed.
* Ratio of medians: percentile bootstrap on the log scale. The median of a resample is drawn from its exact distribution
  (Efron, "Bootstrap Methods: Another Look at the Jackknife", section 3, 1979) instead of resampling round by round.

All of it describes the noise inside one session. Two sessions on one machine differ by more than that; which is why a
verdict also needs a threshold ratio (see `comparison`).
"""

from __future__ import annotations

import math
import random
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
_DRAWS = 1000


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


def ratio_interval(
    baseline: Sequence[float], current: Sequence[float], seed: int = 0
) -> tuple[float, float, float] | None:
    """Return (ratio, low, high) of median(current) / median(baseline) with a 95 % bootstrap interval.

    The same rounds and seed always give the same interval, and exchanging the two sides gives the reciprocal one.
    None with fewer than five rounds on either side, or where a round took no time: too little to say anything.

    Raises:
        StashbenchError: a round is negative or not a number.
    """
    if min(len(baseline), len(current)) < MINIMUM_ROUNDS:
        return None
    base, now = _checked(baseline), _checked(current)
    if base[0] <= 0.0 or now[0] <= 0.0:
        return None
    # Each side is drawn with both streams, crossed: that makes the set of ratios symmetric under exchange.
    first, second = f"{seed}:first", f"{seed}:second"
    logs = sorted(
        math.log(of_now) - math.log(of_base)
        for base_stream, now_stream in ((first, second), (second, first))
        for of_base, of_now in zip(_medians(base, base_stream), _medians(now, now_stream), strict=True)
    )
    tail = (1.0 - CONFIDENCE) / 2.0
    ratio = quantile(now, 0.5) / quantile(base, 0.5)
    low, high = math.exp(quantile(logs, tail)), math.exp(quantile(logs, 1.0 - tail))
    return ratio, min(low, ratio), max(high, ratio)


def _medians(ordered: Sequence[float], stream: str) -> list[float]:
    """Draw medians of bootstrap resamples: the middle of n uniform ranks is Beta distributed."""
    # A fixed stream, not a secret: the verdict must be repeatable.
    source = random.Random(stream)  # noqa: S311
    count = len(ordered)
    half = count // 2
    if count % 2:
        return [ordered[_rank(source.betavariate(half + 1, half + 1), count)] for _ in range(_DRAWS)]
    medians = []
    for _ in range(_DRAWS):
        lower = source.betavariate(half, half + 1)
        # The next rank above is the smallest of the `half` uniform ranks left between `lower` and 1.
        upper = 1.0 - (1.0 - lower) * source.random() ** (1.0 / half)
        medians.append((ordered[_rank(lower, count)] + ordered[_rank(upper, count)]) / 2.0)
    return medians


def _rank(share: float, count: int) -> int:
    return min(int(share * count), count - 1)


def _checked(rounds_seconds: Sequence[float]) -> list[float]:
    if not rounds_seconds:
        message = "There are no rounds to summarise; run the benchmark at least once."
        raise StashbenchError(message)
    if any(not math.isfinite(value) or value < 0.0 for value in rounds_seconds):
        message = "A round is negative or not a number; the clock or the stored document is damaged, measure again."
        raise StashbenchError(message)
    return sorted(rounds_seconds)
