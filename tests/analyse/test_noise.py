from __future__ import annotations

import math
import random

import pytest

from stashbench.analyse.noise import Prior, Scatter, fit_prior, steadied


def drawn(chance, sigma, freedom):
    """Return a standard error as `freedom` degrees of freedom estimate it."""
    return Scatter(math.sqrt(sum(chance.gauss(0, sigma) ** 2 for _ in range(freedom)) / freedom), freedom)


def test_equal_benchmarks_give_their_common_noise_and_much_certainty():
    chance = random.Random(1)
    prior = fit_prior([drawn(chance, 0.02, 5) for _ in range(400)])
    assert prior.sigma == pytest.approx(0.02, rel=0.05)
    assert prior.freedom > 20


def test_unequal_benchmarks_give_little_certainty():
    chance = random.Random(2)
    prior = fit_prior([drawn(chance, 0.02 * math.exp(chance.gauss(0, 1.0)), 5) for _ in range(400)])
    assert prior.freedom == 4  # the least we go down to


def test_a_benchmark_is_drawn_towards_the_others_as_far_as_it_is_uncertain():
    prior = Prior(sigma=0.01, freedom=10)
    few, many = (steadied(Scatter(0.05, freedom), prior) for freedom in (3, 300))
    assert 0.01 < few.sigma < many.sigma < 0.05
    assert few.freedom == 13
    assert steadied(None, prior) == Scatter(0.01, 10)


def test_nothing_known_gives_nothing():
    assert fit_prior([]) is None


def test_noise_that_is_exactly_none_does_not_break_the_fit():
    prior = fit_prior([Scatter(0.0, 5) for _ in range(10)])
    assert prior is not None
    assert 0 < prior.sigma < 1e-4
