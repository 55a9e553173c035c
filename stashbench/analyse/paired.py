"""Two sides measured in turns: a ratio, its noise floor from the run itself, and a verdict with a reason.

The location of a side is the logarithm of the 10 % quantile of its pooled samples (see `low_quantile`), the effect
`theta` the difference of the two. How much `theta` scatters without any cause is estimated from the run: rounds are
split into random halves, which saw the same servers, so their difference is noise (half-sampling, McCarthy 1969). The
typical scatter over all benchmarks steadies that of a single one (a variance shrunk to its prior, Smyth 2004).

A side is called slower only beyond both a smallest effect worth a word and as many standard errors as the number of
benchmarks asks for: with z = Phi^-1(0.95^(1/m)) one run in twenty at most has a false alarm among m unchanged
benchmarks (Sidak 1967).
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.analyse.low_quantile import LOW, Pool
from stashbench.model.baseline import Verdict

FALSE_ALARMS = 0.05
POWER_Z = 0.8416
"""Phi^-1(0.8): a change so many standard errors above the bar is found four times in five."""
CONFIDENCE_Z = 1.96
EQUIVALENT = 1.05
SPLITS = 16
FEWEST_UNITS = 4
FEWEST_SAMPLES = 8
_MAD = 1.4826
_PRIOR_WEIGHT = 4.0
_OWN_WEIGHT = 3.0
_SCREEN_RATIO = 1.01
_SCREEN_Z = 0.5
_CLEAR_Z = 5.0

Samples = Mapping[int, Sequence[float]]
"""Times by unit: the server process they came from, or the round."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One benchmark's log ratio, and how far apart halves of its rounds were; `spread` None where it cannot be told."""

    theta: float
    spread: float | None
    own_sigma: float | None
    unit_count: int
    sample_count: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision: verdict, reason in plain words, and the numbers behind it. Ratios are B over A."""

    verdict: Verdict
    reason: str
    ratio: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    sigma: float | None = None
    threshold_ratio: float | None = None
    smallest_visible: float | None = None
    is_suspect: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """All benchmarks judged together: the noise floor `sigma`, the bar `z`, and the detection limit as a ratio."""

    judged: Mapping[int, Judged]
    sigma: float | None
    z: float
    detection_limit: float | None
    suite_ratio: float | None


def decide(samples: Mapping[int, tuple[Samples, Samples]], *, minimum_effect: float, seed: int) -> Decision:
    """Judge benchmarks, given (A's, B's) samples of each. `minimum_effect` is a ratio above 1.

    The same samples, in whatever order benchmarks come, give the same decision; exchanged sides give its mirror image.
    """
    effects = {index: measure_effect(*samples[index], seed=seed) for index in sorted(samples)}
    known = {index: effect for index, effect in effects.items() if effect is not None}
    z = bar(len(known))
    sigma = noise_floor([effect for effect in known.values() if effect.spread is not None])
    judged = {}
    for index, effect in effects.items():
        if effect is None:
            judged[index] = Judged(Verdict.INCONCLUSIVE, "too few times were taken to compare")
        else:
            judged[index] = judge(effect, sigma, z, minimum_effect)
    limits = sorted(item.smallest_visible for item in judged.values() if item.smallest_visible is not None)
    ratios = [math.exp(effect.theta) for effect in known.values()]
    return Decision(
        judged=judged,
        sigma=sigma,
        z=z,
        detection_limit=statistics.median(limits) if limits else None,
        suite_ratio=statistics.median(ratios) if ratios else None,
    )


def bar(count: int) -> float:
    """Return how many standard errors one of `count` unchanged benchmarks exceeds in one run of twenty."""
    return statistics.NormalDist().inv_cdf((1 - FALSE_ALARMS) ** (1 / max(count, 1)))


def measure_effect(a: Samples, b: Samples, *, seed: int) -> Effect | None:
    """Return the log ratio of B to A and the scatter of its halves; None where a side has no usable time."""
    pool_a, pool_b = Pool(a), Pool(b)
    theta = _theta(pool_a, pool_b, None)
    if theta is None:
        return None
    units = tuple(sorted(set(pool_a.units) & set(pool_b.units)))
    spreads = []
    for half in halves(units, seed):
        other = frozenset(units) - half
        first, second = _theta(pool_a, pool_b, half), _theta(pool_a, pool_b, other)
        if first is not None and second is not None:
            # The standard error of the whole is half of the difference between its halves.
            spreads.append(abs(first - second) / 2)
    own = math.sqrt(statistics.fmean(value * value for value in spreads)) if spreads else None
    return Effect(
        theta=theta,
        spread=_MAD * statistics.median(spreads) if spreads else None,
        own_sigma=own,
        unit_count=len(units),
        sample_count=min(len(pool_a), len(pool_b)),
    )


def halves(units: Sequence[int], seed: int) -> list[frozenset[int]]:
    """Return random halves of the units, the same for equal seeds; none where there are too few to split."""
    if len(units) < FEWEST_UNITS:
        return []
    chance = random.Random(seed)  # noqa: S311 - decisions can be repeated
    return [frozenset(chance.sample(list(units), len(units) // 2)) for _ in range(SPLITS)]


def noise_floor(effects: Sequence[Effect]) -> float | None:
    """Return the standard error of a typical benchmark's log ratio: the median over all, None where none is known."""
    spreads = [effect.own_sigma for effect in effects if effect.own_sigma is not None]
    return statistics.median(spreads) if spreads else None


def sigma_of(effect: Effect, floor: float) -> float:
    """Return one benchmark's standard error: its own scatter, drawn towards the typical one, and never below it."""
    own = floor if effect.own_sigma is None else effect.own_sigma
    weight = _PRIOR_WEIGHT + _OWN_WEIGHT
    shrunk = math.sqrt((_PRIOR_WEIGHT * floor**2 + _OWN_WEIGHT * own**2) / weight)
    return max(floor, shrunk)


def judge(effect: Effect, floor: float | None, z: float, minimum_effect: float) -> Judged:
    """Turn an effect into a verdict."""
    ratio = math.exp(effect.theta)
    if floor is None or effect.unit_count < FEWEST_UNITS or effect.sample_count < FEWEST_SAMPLES:
        reason = (
            f"{effect.unit_count} rounds with {effect.sample_count} times are too few to tell noise from change; "
            "a longer --budget takes more"
        )
        return Judged(Verdict.INCONCLUSIVE, reason, ratio=ratio)
    sigma = sigma_of(effect, floor)
    limit = max(math.log(minimum_effect), z * sigma)
    low, high = effect.theta - CONFIDENCE_Z * sigma, effect.theta + CONFIDENCE_Z * sigma
    verdict = _verdict(effect.theta, low, high, limit, max(EQUIVALENT, minimum_effect))
    return Judged(
        verdict=verdict,
        reason=_reason(verdict, effect.theta, limit, z * sigma > math.log(minimum_effect)),
        ratio=ratio,
        ci_low=math.exp(low),
        ci_high=math.exp(high),
        sigma=sigma,
        threshold_ratio=math.exp(limit),
        smallest_visible=math.exp(max(limit, z * sigma) + POWER_Z * sigma),
        is_suspect=is_suspect(effect.theta, sigma, verdict),
    )


def is_suspect(theta: float, sigma: float, verdict: Verdict) -> bool:
    """Say whether more samples may change what is said: neither plainly different nor plainly alike."""
    if verdict in {Verdict.REGRESSED, Verdict.IMPROVED}:
        return abs(theta) < _CLEAR_Z * sigma
    return verdict is Verdict.INCONCLUSIVE or abs(theta) > max(math.log(_SCREEN_RATIO), _SCREEN_Z * sigma)


def _verdict(theta: float, low: float, high: float, limit: float, equivalent: float) -> Verdict:
    if theta > limit:
        return Verdict.REGRESSED
    if theta < -limit:
        return Verdict.IMPROVED
    margin = math.log(equivalent)
    return Verdict.UNCHANGED if -margin < low and high < margin else Verdict.INCONCLUSIVE


def _reason(verdict: Verdict, theta: float, limit: float, is_noise_bar: bool) -> str:
    size = f"{abs(math.exp(theta) - 1):.1%}" if theta < math.log(2) else f"{math.exp(theta):.1f} times"
    bound = f"{math.exp(limit) - 1:.1%}"
    why = "what noise alone may give in this run" if is_noise_bar else "the smallest change that counts"
    if verdict is Verdict.REGRESSED:
        return f"B takes {size} {'as long' if theta >= math.log(2) else 'longer'}, beyond {bound}, {why}"
    if verdict is Verdict.IMPROVED:
        return f"B takes {abs(1 - math.exp(theta)):.1%} less, beyond {bound}, {why}"
    if verdict is Verdict.UNCHANGED:
        return "shown to be alike: the whole interval lies within 5 %"
    return f"less than {bound}, {why}, and not shown to be alike; a longer --budget would tell"


def _theta(a: Pool, b: Pool, units: frozenset[int] | None) -> float | None:
    low_a, low_b = a.quantile(LOW, units), b.quantile(LOW, units)
    return math.log(low_b / low_a) if low_a and low_b else None
