"""A warning where the fast calls are alike and the slow ones are not: the low quantile is blind to that."""

from __future__ import annotations

import itertools
import math
import random
import statistics
from collections.abc import Mapping, Sequence

from stashbench.analyse.low_quantile import LOW, Pool
from stashbench.analyse.paired_effect import FEWEST_UNITS

SHARES = (0.5, 0.75, 0.9)
SMALLEST_RATIO = 1.05
_SIGMAS = 3.5
_FEWEST_SAMPLES = 40
_SEED = 1
SPLITS = 32

Samples = Mapping[int, Sequence[float]]
"""Times by unit: the server process they came from, or the round."""


def shape_warning(a: Samples, b: Samples) -> str:
    """Say that B's slower calls are slower still (or less so) although its fast ones are not; empty where not so.

    A warning only: on unchanged code under load it was raised by one run in five.
    """
    pool_a, pool_b = Pool(a), Pool(b)
    units = tuple(sorted(set(pool_a.units) & set(pool_b.units)))
    if min(len(pool_a), len(pool_b)) < _FEWEST_SAMPLES or len(units) < FEWEST_UNITS:
        return ""
    base = _theta(pool_a, pool_b, LOW, None)
    for share in SHARES:
        theta = _theta(pool_a, pool_b, share, None)
        if theta is None or base is None:
            continue
        spreads = [
            abs(first - second) / 2
            for half in halves(units, _SEED)[:SPLITS]
            if (first := _theta(pool_a, pool_b, share, half)) is not None
            and (second := _theta(pool_a, pool_b, share, frozenset(units) - half)) is not None
        ]
        if not spreads:
            continue
        sigma = math.sqrt(statistics.fmean(value * value for value in spreads))
        extra = theta - base
        if abs(extra) > max(math.log(SMALLEST_RATIO), _SIGMAS * sigma) and abs(theta) > abs(base):
            word = "longer" if theta > 0 else "less"
            return (
                f"of its calls, the slowest {1 - share:.0%} take {abs(math.exp(theta) - 1):.0%} {word} on B, while the "
                f"fastest differ by {abs(math.exp(base) - 1):.1%}: some calls changed, not all"
            )
    return ""


def _theta(a: Pool, b: Pool, share: float, units: frozenset[int] | None) -> float | None:
    own, other = a.quantile(share, units), b.quantile(share, units)
    return math.log(other / own) if own and other else None


def halves(units: Sequence[int], seed: int) -> list[frozenset[int]]:
    """Return halves of the units: all there are, or some by chance; none where there are too few to split.

    Equal seeds give equal halves.
    """
    if len(units) < FEWEST_UNITS:
        return []
    size = len(units) // 2
    if math.comb(len(units), size) <= 2 * SPLITS:
        return [frozenset(half) for half in itertools.combinations(units, size)]
    chance = random.Random(seed)  # noqa: S311 - decisions can be repeated
    return [frozenset(chance.sample(list(units), size)) for _ in range(SPLITS)]
