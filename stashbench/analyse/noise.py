"""How far a log ratio scatters by itself: each benchmark's own halves, steadied by those of all others.

A handful of rounds tells a benchmark's variance badly, many benchmarks tell the typical variance well. So the variances
are taken as drawn from one scaled inverse chi-square distribution, whose two parameters are fitted to all of them, and
each is drawn towards it as far as its own few degrees of freedom leave it uncertain (empirical Bayes: Smyth, "Linear
Models and Empirical Bayes Methods for Assessing Differential Expression", 2004).
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.analyse.student import digamma, trigamma, trigamma_inverse

FEWEST_FOR_PRIOR = 3
_LEAST_SIGMA = 1e-6
_ENDLESS = 1e6
_LEAST_FREEDOM = 4.0
_MOST_FREEDOM = 60.0
"""Rounds of one run are not as independent as the model has it: its certainty is not taken at its word."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What all benchmarks say of a standard error: its typical value, and the degrees of freedom that is worth."""

    sigma: float
    freedom: float


@dataclass(frozen=True, slots=True)
class Scatter:
    """A standard error and the degrees of freedom behind it."""

    sigma: float
    freedom: float


def fit_prior(scatters: Sequence[Scatter]) -> Prior | None:
    """Fit the distribution of all benchmarks' variances; None where nothing is known."""
    usable = [item for item in scatters if item.freedom >= 1]
    if not usable:
        return None
    logs = []
    for item in usable:
        half = item.freedom / 2
        logs.append(2 * math.log(max(item.sigma, _LEAST_SIGMA)) - digamma(half) + math.log(half))
    if len(usable) < FEWEST_FOR_PRIOR:
        return Prior(math.exp(statistics.fmean(logs) / 2), _LEAST_FREEDOM)
    expected = statistics.fmean(trigamma(item.freedom / 2) for item in usable)
    excess = statistics.variance(logs) - expected
    freedom = _ENDLESS if excess <= 0 else 2 * trigamma_inverse(excess)
    half = freedom / 2
    centre = statistics.fmean(logs) + digamma(half) - math.log(half)
    return Prior(math.exp(centre / 2), min(max(freedom, _LEAST_FREEDOM), _MOST_FREEDOM))


def steadied(own: Scatter | None, prior: Prior) -> Scatter:
    """Return a benchmark's standard error, drawn towards that of all."""
    if own is None or own.freedom < 1:
        return Scatter(prior.sigma, prior.freedom)
    freedom = prior.freedom + own.freedom
    variance = (prior.freedom * prior.sigma**2 + own.freedom * own.sigma**2) / freedom
    return Scatter(math.sqrt(variance), freedom)
