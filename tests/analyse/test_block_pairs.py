from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.block_pairs import Pair, by_shared_unit, readings_of, spread_of

TIMES = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=8)
PAIRS = st.lists(st.builds(Pair, st.integers(0, 5), TIMES, TIMES), min_size=1, max_size=20)


def spread(pairs):
    readings = readings_of(pairs)
    return spread_of(
        [reading.low for reading in readings],
        [reading.weight for reading in readings],
        [reading.unit for reading in readings],
    )


@given(PAIRS)
def test_exchanged_sides_give_the_negative_with_the_same_error(pairs):
    straight, turned = spread(pairs), spread([Pair(pair.unit, pair.b, pair.a) for pair in pairs])
    assert turned.mean == pytest.approx(-straight.mean, abs=1e-9)
    assert turned.sigma == pytest.approx(straight.sigma, abs=1e-9)
    assert turned.freedom == pytest.approx(straight.freedom)


@given(PAIRS, st.floats(1e-3, 1e3))
def test_neither_the_unit_of_time_nor_one_factor_for_both_sides_matters(pairs, factor):
    scaled = [Pair(pair.unit, [x * factor for x in pair.a], [x * factor for x in pair.b]) for pair in pairs]
    assert spread(scaled).mean == pytest.approx(spread(pairs).mean, abs=1e-6)


@given(PAIRS)
def test_a_side_against_itself_differs_by_nothing(pairs):
    same = spread([Pair(pair.unit, pair.a, pair.a) for pair in pairs])
    assert same.mean == 0.0
    assert same.within in {None, 0.0}


@given(PAIRS)
def test_weights_lie_between_a_tenth_and_one_and_the_calmest_moment_counts_whole(pairs):
    weights = [reading.weight for reading in readings_of(pairs)]
    assert all(0.1 <= weight <= 1.0 for weight in weights)
    assert max(weights) == 1.0


def test_times_of_zero_are_no_times():
    assert readings_of([Pair(0, [0.0], [1.0])]) == []
    assert spread_of([], [], []) is None


def test_a_slow_moment_counts_less_though_both_sides_were_slow_alike():
    calm = [Pair(unit, [1.0, 1.1], [1.0, 1.1]) for unit in range(9)]
    disturbed = Pair(9, [2.0, 2.2], [3.0, 3.3])
    weights = [reading.weight for reading in readings_of([*calm, disturbed])]
    assert weights[:-1] == [1.0] * 9
    assert weights[-1] == pytest.approx(0.1)


def test_a_wild_reading_is_pulled_in():
    chance = random.Random(1)
    calm = [Pair(unit, [1.0], [math.exp(chance.gauss(0, 0.01))]) for unit in range(30)]
    wild = [*calm, Pair(30, [1.0], [50.0])]
    assert abs(spread(wild).mean) < 0.01


def test_one_unit_tells_nothing_of_the_scatter_between_units():
    assert spread([Pair(3, [1.0], [1.1]), Pair(3, [1.0], [1.2])]).sigma == math.inf


def test_units_that_differ_show_in_the_error_and_not_within():
    chance = random.Random(2)
    pairs = []
    for unit in range(8):
        level = chance.gauss(0, 0.1)
        pairs += [Pair(unit, [1.0], [math.exp(level + chance.gauss(0, 0.001))]) for _ in range(10)]
    found = spread(pairs)
    assert found.sigma > 10 * found.within
    assert found.sigma == pytest.approx(0.1 / math.sqrt(8), rel=0.6)
    assert by_shared_unit(readings_of(pairs)).keys() == set(range(8))


def test_the_error_is_as_large_as_the_scatter_of_repeated_runs():
    chance = random.Random(3)
    means, errors = [], []
    for _ in range(300):
        pairs = [Pair(unit, [1.0], [math.exp(chance.gauss(0, 0.05))]) for unit in range(6) for _ in range(4)]
        found = spread(pairs)
        means.append(found.mean)
        errors.append(found.sigma**2)
    assert math.sqrt(sum(errors) / len(errors)) == pytest.approx(
        math.sqrt(sum(mean**2 for mean in means) / len(means)), rel=0.15
    )
