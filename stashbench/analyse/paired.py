"""Two sides measured in turns: a ratio, its noise from the run itself, and a verdict with a reason.

The location of a side is the logarithm of the 10 % quantile of its pooled samples (see `low_quantile`), the effect
`theta` the difference of the two. How much `theta` scatters without any cause is estimated from the run: its rounds are
split into halves, which saw the same two servers, so that what they differ by is noise (half-sampling, McCarthy 1969).
`noise` steadies the scatter of one benchmark by that of all.

A side is called slower only beyond both a smallest effect worth a word and what noise gives with so many benchmarks:
of m unchanged ones, one run in twenty has any that exceeds t(0.95^(1/m)) standard errors (Sidak 1967; Student's t,
because standard errors from a handful of rounds are themselves uncertain).
"""

from __future__ import annotations

import itertools
import math
import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.analyse.low_quantile import LOW, Pool
from stashbench.analyse.noise import Prior, Scatter, fit_prior, steadied
from stashbench.analyse.student import student_quantile
from stashbench.model.baseline import Verdict

FALSE_ALARMS = 0.05
POWER_Z = 0.8416
"""Phi^-1(0.8): a change so many standard errors above the bar is found four times in five."""
CONFIDENCE = 0.975
EQUIVALENT = 1.05
SPLITS = 32
FEWEST_UNITS = 4
_SCREEN_RATIO = 1.01
_SCREEN_Z = 0.5
_CLEAR_Z = 5.0
_SMALL = 3.0
"""The low quantile of few rounds comes from the luckiest of them, so that halves are more alike than the whole is to
another run. Found by simulation with noise of many kinds: so much makes the interval cover what it should."""
_QUARTER = 0.25
_TWICE = math.log(2)
_WHOLE = 0.10

Samples = Mapping[int, Sequence[float]]
"""Times by unit: the server process they came from, or the round."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One benchmark's log ratio, and how far its halves scatter; `scatter` None where there are too few units.

    `quarter` is the log ratio of the 25 % quantiles: work that became slower slows them too.
    """

    theta: float
    quarter: float
    scatter: Scatter | None
    unit_count: int
    sample_count: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A ratio of B to A with its 95 % interval."""

    ratio: float
    low: float
    high: float


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
    """All benchmarks judged together: the typical noise `sigma`, the bar `z` in units of it, the detection limit."""

    judged: Mapping[int, Judged]
    sigma: float | None
    z: float | None
    detection_limit: float | None
    suite: Interval | None


@dataclass(frozen=True, slots=True)
class Words:
    """How a channel says more, less and as much."""

    verb: str
    more: str
    less: str
    as_much: str


TIME = Words("takes", "longer", "less time", "as long")
PROCESSOR = Words("needs", "more processor time", "less processor time", "as much processor time")


def decide(
    samples: Mapping[int, tuple[Samples, Samples]],
    *,
    minimum_effect: float | Mapping[int, float],
    seed: int,
    words: Words = TIME,
    channel_count: int = 1,
) -> Decision:
    """Judge benchmarks, given (A's, B's) samples of each. `minimum_effect` is a ratio above 1, for all or by index.

    Where each benchmark is judged in several ways, `channel_count` says in how many:
    each is one more chance for a false alarm. The same samples, in whatever order benchmarks come, give the same
    decision; exchanged sides give its mirror image.
    """
    effects = {index: measure_effect(*samples[index], seed=seed) for index in sorted(samples)}
    known = {index: effect for index, effect in effects.items() if effect is not None}
    level = level_of(len(known) * channel_count)
    prior = fit_prior([effect.scatter for effect in known.values() if effect.scatter is not None])
    judged = {}
    for index, effect in effects.items():
        if effect is None:
            judged[index] = Judged(Verdict.INCONCLUSIVE, "too few times were taken to compare")
        else:
            own = minimum_effect if isinstance(minimum_effect, float) else minimum_effect[index]
            judged[index] = judge(effect, prior, level, own, words)
    limits = sorted(item.smallest_visible for item in judged.values() if item.smallest_visible is not None)
    return Decision(
        judged=judged,
        sigma=prior.sigma if prior is not None else None,
        z=student_quantile(level, prior.freedom) if prior is not None else None,
        detection_limit=statistics.median(limits) if limits else None,
        suite=whole_suite([samples[index] for index in sorted(known)]),
    )


def whole_suite(samples: Sequence[tuple[Samples, Samples]]) -> Interval | None:
    """Return how much all benchmarks moved together: the middle of their ratios in each unit, and over the units.

    A common cause - the runtime, the machine, what all pages share - may be too small to show on any one page. None
    where the units in which all took part are too few.
    """
    middles = []
    shared = set.intersection(*(set(a) & set(b) for a, b in samples)) if samples else set()
    for unit in sorted(shared):
        pools = [(Pool({unit: a[unit]}), Pool({unit: b[unit]})) for a, b in samples]
        found = [theta for pool_a, pool_b in pools if (theta := _theta(pool_a, pool_b, None)) is not None]
        if found:
            middles.append(statistics.median(found))
    if len(middles) < FEWEST_UNITS:
        return None
    middle = statistics.fmean(middles)
    freedom = len(middles) - 1
    error = statistics.stdev(middles) / math.sqrt(len(middles)) * math.sqrt(1 + _SMALL / freedom)
    margin = student_quantile(CONFIDENCE, freedom) * error
    return Interval(math.exp(middle), math.exp(middle - margin), math.exp(middle + margin))


def level_of(count: int) -> float:
    """Return the probability below which each of `count` unchanged benchmarks stays, so that all do in 95 % of runs."""
    return math.pow(1 - FALSE_ALARMS, 1 / max(count, 1))


def measure_effect(a: Samples, b: Samples, *, seed: int) -> Effect | None:
    """Return the log ratio of B to A and the scatter of its halves; None where a side has no usable time."""
    pool_a, pool_b = Pool(a), Pool(b)
    theta, quarter = _theta(pool_a, pool_b, None), _theta(pool_a, pool_b, None, _QUARTER)
    if theta is None or quarter is None:
        return None
    units = tuple(sorted(set(pool_a.units) & set(pool_b.units)))
    squares = []
    for half in halves(units, seed):
        other = frozenset(units) - half
        first, second = _theta(pool_a, pool_b, half), _theta(pool_a, pool_b, other)
        if first is not None and second is not None:
            # The standard error of the whole is half of the difference between its halves.
            squares.append((first - second) ** 2 / 4)
    scatter = None
    if squares:
        freedom = len(units) - 1
        scatter = Scatter(math.sqrt(statistics.fmean(squares) * (1 + _SMALL / freedom)), freedom)
    return Effect(
        theta=theta, quarter=quarter, scatter=scatter, unit_count=len(units), sample_count=min(len(pool_a), len(pool_b))
    )


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


def judge(effect: Effect, prior: Prior | None, level: float, minimum_effect: float, words: Words = TIME) -> Judged:
    """Turn an effect into a verdict."""
    ratio = math.exp(effect.theta)
    if prior is None or effect.unit_count < FEWEST_UNITS or effect.sample_count < FEWEST_UNITS:
        reason = (
            f"{effect.unit_count} rounds with {effect.sample_count} times are too few to tell noise from change; "
            "a longer --budget takes more"
        )
        return Judged(Verdict.INCONCLUSIVE, reason, ratio=ratio)
    scatter = steadied(effect.scatter, prior)
    noise = student_quantile(level, scatter.freedom) * scatter.sigma
    limit = max(math.log(minimum_effect), noise)
    margin = student_quantile(CONFIDENCE, scatter.freedom) * scatter.sigma
    low, high = effect.theta - margin, effect.theta + margin
    equivalent = max(EQUIVALENT, minimum_effect)
    verdict = _verdict(effect, low, high, limit, equivalent)
    return Judged(
        verdict=verdict,
        reason=_reason(verdict, effect.theta, limit, words, equivalent, is_noise=noise > math.log(minimum_effect)),
        ratio=ratio,
        ci_low=math.exp(low),
        ci_high=math.exp(high),
        sigma=scatter.sigma,
        threshold_ratio=math.exp(limit),
        smallest_visible=math.exp(limit + POWER_Z * scatter.sigma),
        is_suspect=is_suspect(effect.theta, scatter.sigma, verdict),
    )


def is_suspect(theta: float, sigma: float, verdict: Verdict) -> bool:
    """Say whether more samples may change what is said: neither plainly different nor plainly alike."""
    if verdict in {Verdict.REGRESSED, Verdict.IMPROVED}:
        return abs(theta) < _CLEAR_Z * sigma
    return verdict is Verdict.INCONCLUSIVE or abs(theta) > max(math.log(_SCREEN_RATIO), _SCREEN_Z * sigma)


def _verdict(effect: Effect, low: float, high: float, limit: float, equivalent: float) -> Verdict:
    if effect.theta > limit and effect.quarter > limit / 2:
        return Verdict.REGRESSED
    if effect.theta < -limit and effect.quarter < -limit / 2:
        return Verdict.IMPROVED
    margin = math.log(equivalent)
    return Verdict.UNCHANGED if -margin < low and high < margin else Verdict.INCONCLUSIVE


def _reason(verdict: Verdict, theta: float, limit: float, words: Words, equivalent: float, *, is_noise: bool) -> str:
    bound = f"{_percent(limit)} that noise alone may give in this run" if is_noise else f"{_percent(limit)} that count"
    if verdict is Verdict.REGRESSED:
        size = f"{math.exp(theta):.1f} times {words.as_much}" if theta >= _TWICE else f"{_percent(theta)} {words.more}"
        return f"B {words.verb} {size}, beyond the {bound}"
    if verdict is Verdict.IMPROVED:
        return f"B {words.verb} {_percent(theta)} {words.less}, beyond the {bound}"
    if verdict is Verdict.UNCHANGED:
        return f"B {words.verb} {words.as_much}: the whole interval lies within {100 * (equivalent - 1):.3g} %"
    if abs(theta) > limit:
        return f"{_percent(theta)} apart in the fastest tenth of the answers, but not in the fastest quarter"
    return f"within the {bound}, and not shown to be alike; a longer --budget would tell"


def _percent(theta: float) -> str:
    """Write a log ratio as a percentage of A."""
    share = abs(math.exp(theta) - 1)
    return f"{share:.0%}" if share >= _WHOLE else f"{share:.1%}"


def _theta(a: Pool, b: Pool, units: frozenset[int] | None, share: float = LOW) -> float | None:
    low_a, low_b = a.quantile(share, units), b.quantile(share, units)
    return math.log(low_b / low_a) if low_a and low_b else None
