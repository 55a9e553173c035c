"""A slow beginning is found and left out; times that only scatter keep all their samples."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.warm_up import FEWEST_SAMPLES, warm_up_length

times = st.lists(st.floats(1e-4, 10.0), min_size=1, max_size=120)


def noisy(chance, count, slowness=lambda _index: 1.0):
    """Times around 2 ms with a tail of slow calls, as servers give them."""
    return [
        0.002 * slowness(index) * chance.lognormvariate(0, 0.08) * (3.0 if chance.random() < 0.04 else 1.0)
        for index in range(count)
    ]


@given(samples=times)
def test_at_most_half_is_left_out_whatever_the_samples(samples):
    assert 0 <= warm_up_length(samples) <= len(samples) // 2
    if len(samples) < FEWEST_SAMPLES:
        assert warm_up_length(samples) == 0


@given(samples=times)
def test_equal_times_and_times_that_get_slower_have_no_warm_up(samples):
    assert warm_up_length([samples[0]] * 40) == 0
    assert warm_up_length(sorted(samples)) == 0


def test_the_length_of_a_slow_beginning_is_found():
    found = [warm_up_length(noisy(random.Random(seed), 100, lambda i: 1.5 if i < 12 else 1.0)) for seed in range(100)]
    assert sum(10 <= length <= 16 for length in found) >= 95


def test_a_beginning_that_fades_is_mostly_left_out():
    found = [warm_up_length(noisy(random.Random(seed), 100, lambda i: 1 + 2 * 0.8**i)) for seed in range(100)]
    assert sum(6 <= length <= 20 for length in found) >= 95


@pytest.mark.parametrize("count", [20, 33, 100, 300])
def test_noise_alone_is_seldom_taken_for_a_warm_up(count):
    lengths = [warm_up_length(noisy(random.Random(seed), count)) for seed in range(400)]
    assert sum(length > 0 for length in lengths) <= 0.05 * 400
    assert sum(lengths) <= 0.02 * count * 400


def test_one_slow_call_is_no_warm_up():
    assert warm_up_length([0.5, *noisy(random.Random(4), 60)]) == 0
