from __future__ import annotations

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.statistics import (
    count_outliers,
    median_interval_indexes,
    quantile,
    summarise,
)
from stashbench.errors import StashbenchError

durations = st.floats(min_value=1e-6, max_value=1e3, allow_nan=False)
rounds = st.lists(durations, min_size=5, max_size=40)


def test_summary_of_known_values():
    summary = summarise([5.0, 1.0, 3.0, 2.0, 4.0])
    assert summary.count == 5
    assert summary.median_seconds == 3.0
    assert summary.mean_seconds == 3.0
    assert summary.q25_seconds == 2.0
    assert summary.q75_seconds == 4.0
    assert summary.q10_seconds == pytest.approx(1.4)
    assert summary.stddev_seconds == pytest.approx(statistics.stdev([1, 2, 3, 4, 5]))
    assert (summary.median_ci_low_seconds, summary.median_ci_high_seconds) == (1.0, 5.0)


def test_quartiles_agree_with_the_standard_library():
    values = sorted(random.Random(3).random() for _ in range(23))
    expected = statistics.quantiles(values, n=4, method="inclusive")
    assert [quantile(values, share) for share in (0.25, 0.5, 0.75)] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("count", "ranks"),
    [(1, (0, 0)), (5, (0, 4)), (6, (0, 5)), (9, (1, 7)), (15, (3, 11)), (20, (5, 14)), (30, (9, 20)), (50, (17, 32))],
)
def test_median_interval_uses_the_tabulated_ranks(count, ranks):
    assert median_interval_indexes(count) == ranks


def test_median_interval_of_many_rounds_does_not_underflow():
    low, high = median_interval_indexes(5000)
    assert 2400 < low < 2450
    assert high == 4999 - low


def test_median_interval_covers_the_true_median_as_often_as_promised():
    source = random.Random(11)
    hits = 0
    for _ in range(600):
        summary = summarise([source.expovariate(1.0) for _ in range(25)])
        hits += summary.median_ci_low_seconds <= math.log(2.0) <= summary.median_ci_high_seconds
    assert hits / 600 >= 0.93


def test_outliers_are_counted_and_kept():
    values = [1.0] * 10 + [1.1] * 10 + [50.0]
    summary = summarise(values)
    assert summary.outlier_count == 1
    assert summary.count == 21
    assert summary.maximum_seconds == 50.0
    assert count_outliers([1.0, 2.0, 3.0, 4.0]) == 0


@pytest.mark.parametrize("broken", [[], [float("nan"), 1.0], [-1.0], [float("inf")]])
def test_unusable_rounds_are_refused_in_words(broken):
    with pytest.raises(StashbenchError, match=r"round"):
        summarise(broken)


@given(rounds)
def test_summary_is_ordered(values):
    summary = summarise(values)
    assert (
        summary.minimum_seconds
        <= summary.q10_seconds
        <= summary.q25_seconds
        <= summary.median_seconds
        <= summary.q75_seconds
        <= summary.p95_seconds
        <= summary.maximum_seconds
    )
    assert summary.median_ci_low_seconds <= summary.median_seconds <= summary.median_ci_high_seconds
    assert 0 <= summary.outlier_count <= summary.count


@given(rounds, st.randoms(use_true_random=False))
def test_summary_ignores_the_order_of_the_rounds(values, source):
    shuffled = list(values)
    source.shuffle(shuffled)
    assert summarise(shuffled) == summarise(values)
