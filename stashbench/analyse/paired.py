"""Two sides measured in turns: a ratio, its noise from the run itself, and a verdict with a reason.

`block_pairs` turns each block of turns into one reading of the log ratio, and many readings into `theta`, the effect.
How much `theta` scatters without any cause is estimated from the run: what its units (server processes, or rounds) say
differs by noise alone. `noise` steadies the scatter of one benchmark by that of all.

A side is called slower only beyond both a smallest effect worth a word and what noise gives with so many benchmarks:
of m unchanged ones, one run in a hundred has any that exceeds t(0.99^(1/m)) standard errors (Sidak 1967; Student's t,
because standard errors from a handful of units are themselves uncertain).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.analyse.block_pairs import Pair, readings_of
from stashbench.analyse.noise import Prior, Scatter, fit_prior, steadied
from stashbench.analyse.paired_effect import CONFIDENCE, FEWEST_UNITS, Effect, Interval, measure_effect, whole_suite
from stashbench.analyse.student import student_quantile
from stashbench.model.baseline import Verdict

FALSE_ALARMS = 0.01
POWER_Z = 0.8416
"""Phi^-1(0.8): a change so many standard errors above the bar is found four times in five."""
EQUIVALENT = 1.05
_LEAST_CHANGE = (0.004, 0.010)
_LEAST_Z = (0.3, 1.8)
"""What a page must show to be measured longer, as a log ratio and in standard errors, at first and at last. By
simulation of a noisy machine, asking for more in every round finds 90 % of changes of 3 % where two fixed screens find
65 %."""
_CLEAR_Z = 3.0
_CONTRADICTS_Z = 1.64
_TWICE = math.log(2)
_WHOLE = 0.10


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

    def is_suspect(self, progress: float) -> bool:
        """Say whether more samples may show a change: not where it is plain already, nor where it hardly can be.

        What is asked of a suspect rises with `progress`, from 0 after everything was measured to 1 in the last round.
        """
        if self.ratio is None or self.sigma is None or self.threshold_ratio is None:
            return True
        theta, limit = abs(math.log(self.ratio)), math.log(self.threshold_ratio)
        least, z = (low + progress * (high - low) for low, high in (_LEAST_CHANGE, _LEAST_Z))
        return max(least, z * self.sigma) < theta < limit + _CLEAR_Z * self.sigma


@dataclass(frozen=True, slots=True)
class Decision:
    """All benchmarks judged together: the typical noise `sigma`, the bar `z` in units of it, the detection limit."""

    judged: Mapping[int, Judged]
    sigma: float | None
    z: float | None
    detection_limit: float | None
    suite: Interval | None

    def suspects(self, progress: float) -> set[int]:
        """Return the benchmarks that leave something to find; if none do, those of which nothing was shown."""
        found = {index for index, item in self.judged.items() if item.is_suspect(progress)}
        return found or {index for index, item in self.judged.items() if item.verdict is Verdict.INCONCLUSIVE}


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
    samples: Mapping[int, Sequence[Pair]],
    *,
    minimum_effect: float | Mapping[int, float],
    words: Words = TIME,
    channel_count: int = 1,
) -> Decision:
    """Judge benchmarks, given the pairs of each. `minimum_effect` is a ratio above 1, for all or by index.

    Where each benchmark is judged in several ways, `channel_count` says in how many:
    each is one more chance for a false alarm. The same samples, in whatever order benchmarks come, give the same
    decision; exchanged sides give its mirror image.
    """
    readings = {index: readings_of(samples[index]) for index in sorted(samples)}
    effects = {index: measure_effect(samples[index], own) for index, own in readings.items()}
    known = {index: effect for index, effect in effects.items() if effect is not None}
    level = level_of(len(known) * channel_count)
    scales = _scales(known)
    prior = fit_prior(
        [_in_units_of(effect.scatter, scales[index]) for index, effect in known.items() if effect.scatter is not None]
    )
    judged = {}
    for index, effect in effects.items():
        if effect is None:
            judged[index] = Judged(Verdict.INCONCLUSIVE, "too few times were taken to compare")
        else:
            own = minimum_effect if isinstance(minimum_effect, float) else minimum_effect[index]
            judged[index] = judge(effect, prior, scales[index], level, own, words)
    sigmas = [item.sigma for item in judged.values() if item.sigma is not None]
    limits = sorted(item.smallest_visible for item in judged.values() if item.smallest_visible is not None)
    return Decision(
        judged=judged,
        sigma=statistics.median(sigmas) if sigmas else None,
        z=student_quantile(level, prior.freedom) if prior is not None else None,
        detection_limit=statistics.median(limits) if limits else None,
        suite=whole_suite(readings[index] for index in known),
    )


def level_of(count: int) -> float:
    """Return the probability below which each of `count` unchanged benchmarks stays, so that all do in 99 % of runs."""
    return math.pow(1 - FALSE_ALARMS, 1 / max(count, 1))


def judge(
    effect: Effect, prior: Prior | None, scale: float, level: float, minimum_effect: float, words: Words = TIME
) -> Judged:
    """Turn an effect into a verdict."""
    ratio = math.exp(effect.theta)
    if prior is None or effect.unit_count < FEWEST_UNITS or effect.sample_count < FEWEST_UNITS:
        reason = (
            f"{effect.unit_count} rounds with {effect.sample_count} times are too few to tell noise from change, which "
            f"takes {FEWEST_UNITS} of either; more --rounds or a longer --budget give them"
        )
        return Judged(Verdict.INCONCLUSIVE, reason, ratio=ratio)
    relative = steadied(None if effect.scatter is None else _in_units_of(effect.scatter, scale), prior)
    scatter = Scatter(relative.sigma * scale, relative.freedom)
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
    )


def _scales(effects: Mapping[int, Effect]) -> dict[int, float]:
    """Return the standard error that each benchmark's single readings alone would give it.

    Pages differ in that by far, and suspects were measured longer. What is alike for all is by how much the scatter
    between units exceeds it. Where a page has too few readings to tell, a typical one's is taken, for as many readings.
    """
    single = [effect.within * math.sqrt(effect.size) for effect in effects.values() if effect.within]
    typical = statistics.median(single) if single else 1.0
    return {index: effect.within or typical / math.sqrt(effect.size) for index, effect in effects.items()}


def _in_units_of(scatter: Scatter, scale: float) -> Scatter:
    return Scatter(scatter.sigma / scale, scatter.freedom)


def _verdict(effect: Effect, low: float, high: float, limit: float, equivalent: float) -> Verdict:
    if abs(effect.theta) > limit and not _is_contradicted(effect, limit):
        return Verdict.REGRESSED if effect.theta > 0 else Verdict.IMPROVED
    margin = math.log(equivalent)
    return Verdict.UNCHANGED if -margin < low and high < margin else Verdict.INCONCLUSIVE


def _is_contradicted(effect: Effect, limit: float) -> bool:
    """Say whether the medians show for certain that not even half as much changed: then only some calls did."""
    towards = math.copysign(effect.median, effect.median * effect.theta)
    return towards + _CONTRADICTS_Z * effect.median_sigma < limit / 2


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
        return f"{_percent(theta)} apart in the fastest answers, but not in the middle ones"
    return f"within the {bound}, and not shown to be alike; a longer --budget would tell"


def _percent(theta: float) -> str:
    """Write a log ratio as a percentage of A."""
    share = abs(math.exp(theta) - 1)
    return f"{share:.0%}" if share >= _WHOLE else f"{share:.1%}"
