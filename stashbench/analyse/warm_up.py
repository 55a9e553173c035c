"""Where warming up ends among timed calls: found in the times themselves, not assumed.

The marginal standard error rule (K. P. White, "An effective truncation heuristic for bias reduction in simulation
output", Simulation 69, 1997): leave out so many of the first samples that the mean of the others is known best. A slow
beginning raises the spread more than leaving it out costs in samples. Here it works on logarithms with far values drawn
in, because one slow call is a slow call and not a warm-up, and it leaves out only what is slower by a rank test too:
by chance alone some few samples would always go.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

from stashbench.analyse.statistics import MAD_TO_SIGMA, quantile

FEWEST_SAMPLES = 12
_CERTAIN_Z = 2.33
"""One-sided, one per cent."""
_FAR_DEVIATIONS = 3.0


def warm_up_length(rounds_seconds: Sequence[float]) -> int:
    """Return how many of the first samples still belong to warming up: 0 up to half of them.

    Below 12 samples none can be told from chance.
    """
    count = len(rounds_seconds)
    if count < FEWEST_SAMPLES or min(rounds_seconds) <= 0.0:
        return 0
    values = _drawn_in([math.log(value) for value in rounds_seconds])
    # Sums from each place to the end, so that one look at each place is enough.
    sums = list(accumulate(reversed(values)))[::-1]
    squares = list(accumulate(value * value for value in reversed(values)))[::-1]
    best = min(range(count // 2 + 1), key=lambda cut: (_marginal_error(sums[cut], squares[cut], count - cut), cut))
    return best if best and _rank_z(values[:best], values[best:]) >= _CERTAIN_Z else 0


def _marginal_error(total: float, squares: float, count: int) -> float:
    return max(0.0, squares - total * total / count) / (count * count)


def _drawn_in(values: list[float]) -> list[float]:
    """Return values around their middle, the far ones at the border of what is usual in the second half."""
    later = sorted(values[len(values) // 2 :])
    middle = quantile(later, 0.5)
    spread = MAD_TO_SIGMA * quantile(sorted(abs(value - middle) for value in later), 0.5)
    far = _FAR_DEVIATIONS * spread
    return [min(max(value - middle, -far), far) for value in values]


def _rank_z(first: list[float], later: list[float]) -> float:
    """Return by how many standard deviations the first are slower than the later ones (Mann and Whitney)."""
    wins = sum((one > other) + 0.5 * (one == other) for one in first for other in later)
    pairs = len(first) * len(later)
    return (wins - pairs / 2) / math.sqrt(pairs * (len(first) + len(later) + 1) / 12)
