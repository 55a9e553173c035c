from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.checks.memory import memory_growth, sen_slope
from stashbench.model.finding import Outcome

COUNTS = [40 * (step + 1) for step in range(9)]


def test_a_leak_of_each_request_is_found_in_noise():
    source = random.Random(4)
    observation = memory_growth(COUNTS, [80e6 + 65536 * count + source.gauss(0, 2e5) for count in COUNTS])
    assert observation.value == pytest.approx(65536, rel=0.1)
    assert (
        observation.fact("slope_low") <= observation.fact("slope_bytes_per_request") <= observation.fact("slope_high")
    )


def test_level_memory_and_one_step_are_no_leak():
    assert memory_growth(COUNTS, [80e6] * 9).value == 0.0
    assert memory_growth(COUNTS, [80e6] * 4 + [84e6] * 5).value == 0.0


def test_noise_alone_is_no_leak():
    source = random.Random(6)
    alarms = sum(memory_growth(COUNTS, [80e6 + source.gauss(0, 1e6) for _ in COUNTS]).value > 4096 for _ in range(200))
    assert alarms <= 10


def test_shrinking_memory_is_no_leak():
    assert memory_growth(COUNTS, [80e6 - 1000 * count for count in COUNTS]).value == 0.0


def test_unread_memory_is_not_measured():
    assert memory_growth(COUNTS, [None] * 9).outcome is Outcome.NOT_MEASURED


@given(st.floats(-1e4, 1e4), st.floats(-1e6, 1e6))
def test_the_slope_of_a_line_is_exact(slope, start):
    median, low, high = sen_slope([(float(x), start + slope * x) for x in range(10)])
    assert median == pytest.approx(slope, abs=1e-6)
    assert low == pytest.approx(high, abs=1e-5)


def test_too_few_points_have_no_interval():
    assert sen_slope([(0.0, 1.0), (1.0, 2.0)])[1] == float("-inf")


@pytest.mark.parametrize("count", [6, 7, 8])
def test_the_interval_misses_a_level_line_in_at_most_one_of_forty_orders_on_each_side(count):
    """Under "no growth" every order of the readings is equally likely, so the coverage can be counted out."""
    orders = list(itertools.permutations(range(count)))
    intervals = [sen_slope(list(enumerate(order)))[1:] for order in orders]
    too_high = sum(low > 0 for low, _ in intervals)
    too_low = sum(high < 0 for _, high in intervals)
    assert too_high == too_low
    assert 0 < too_high <= len(orders) / 40
