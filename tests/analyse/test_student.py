from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.student import digamma, student_cdf, student_quantile, trigamma, trigamma_inverse

# From tables of the distribution (Fisher and Yates), two-sided 5 % and one-sided 0.1 %.
TABLE = [(1, 0.975, 12.706), (3, 0.975, 3.182), (5, 0.975, 2.571), (10, 0.999, 4.144), (30, 0.975, 2.042)]


@pytest.mark.parametrize(("freedom", "probability", "expected"), TABLE)
def test_quantiles_are_those_of_the_tables(freedom, probability, expected):
    assert student_quantile(probability, freedom) == pytest.approx(expected, abs=6e-4)


def test_endless_freedom_is_the_normal_distribution():
    assert student_quantile(0.975, 1e7) == pytest.approx(1.959964, abs=1e-5)
    assert student_quantile(0.975, 5e5) == pytest.approx(1.959964, abs=1e-4)


@given(st.floats(0.51, 0.9999), st.floats(1.0, 500.0))
def test_quantile_and_distribution_undo_each_other(probability, freedom):
    t = student_quantile(probability, freedom)
    assert student_cdf(t, freedom) == pytest.approx(probability, abs=1e-9)
    assert student_quantile(1 - probability, freedom) == pytest.approx(-t, rel=1e-6)


def test_polygamma_functions_have_their_known_values():
    assert digamma(1.0) == pytest.approx(-0.5772156649015329, abs=1e-9)
    assert trigamma(1.0) == pytest.approx(math.pi**2 / 6, abs=1e-9)
    assert digamma(0.5) == pytest.approx(-0.5772156649015329 - 2 * math.log(2), abs=1e-9)


@given(st.floats(0.05, 1000.0))
def test_trigamma_is_undone_by_its_inverse(x):
    assert trigamma_inverse(trigamma(x)) == pytest.approx(x, rel=1e-6)
