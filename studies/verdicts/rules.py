"""How peers decide, by their own rules, on the raw rounds of two sessions of pytest-benchmark.

Each rule returns 1 where the second session is called slower, -1 where it is called faster, else 0. Tools that only
know "slower" are asked both ways round.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

Times = Sequence[float]


def percent_rule(summary: Callable[[Times], float], percent: float) -> Callable[[Times, Times], int]:
    """Make the rule of --benchmark-compare-fail=STAT:N%: the statistic moved by more than that share."""

    def decide(before: Times, after: Times) -> int:
        old, new = summary(before), summary(after)
        if new / old * 100 - 100 > percent:
            return 1
        return -1 if old / new * 100 - 100 > percent else 0

    return decide


def asv_rule(before: Times, after: Times) -> int:
    """Decide as asv compare does: beyond a factor of 1.1, and different by Mann-Whitney's U test at 0.002."""
    old, new = statistics.median(before), statistics.median(after)
    if max(old, new) / min(old, new) <= 1.1 or mann_whitney(before, after) >= 0.002:  # noqa: PLR2004 - asv's own
        return 0
    return 1 if new > old else -1


def pyperf_rule(before: Times, after: Times) -> int:
    """Decide as pyperf compare_to does: Student's t test of two samples, two-tailed at 0.05, on all values."""
    n, m = len(before), len(after)
    pooled = ((n - 1) * statistics.variance(before) + (m - 1) * statistics.variance(after)) / (n + m - 2)
    difference = statistics.fmean(after) - statistics.fmean(before)
    t = difference / math.sqrt(pooled * (1 / n + 1 / m))
    # With dozens of values on either side the normal distribution does for Student's.
    if 2 * (1 - statistics.NormalDist().cdf(abs(t))) >= 0.05:  # noqa: PLR2004 - pyperf's own
        return 0
    return 1 if difference > 0 else -1


def mann_whitney(x: Times, y: Times) -> float:
    """Return the two-sided p value of the U test, normal approximation with correction for continuity."""
    n, m = len(x), len(y)
    ordered = sorted([(value, 0) for value in x] + [(value, 1) for value in y])
    rank_sum = 0.0
    position = 0
    while position < len(ordered):
        end = position
        while end < len(ordered) and ordered[end][0] == ordered[position][0]:
            end += 1
        rank = (position + 1 + end) / 2
        rank_sum += rank * sum(1 - side for _, side in ordered[position:end])
        position = end
    u = rank_sum - n * (n + 1) / 2
    z = max(0.0, abs(u - n * m / 2) - 0.5) / math.sqrt(n * m * (n + m + 1) / 12)
    return 2 * (1 - statistics.NormalDist().cdf(z))


RULES: dict[str, Callable[[Times, Times], int]] = {
    "pytest-benchmark mean:5%": percent_rule(statistics.fmean, 5),
    "pytest-benchmark min:5%": percent_rule(min, 5),
    "pytest-benchmark median:10%": percent_rule(statistics.median, 10),
    "asv (factor 1.1, U test)": asv_rule,
    "pyperf (t test)": pyperf_rule,
}
