"""Where series move: found where steps were planted, silent where there are none."""

from __future__ import annotations

import importlib.util
import json
import math
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashbench.analyse.change_points import LEAST_RUNS, LEAST_STRETCH, change_points, persistence_of

spec = importlib.util.spec_from_file_location("trend_series", Path(__file__).parent / "trend_series.py")
trend_series = importlib.util.module_from_spec(spec)
sys.modules["trend_series"] = trend_series
spec.loader.exec_module(trend_series)

OTAVA = json.loads((Path(__file__).parent.parent / "data" / "trend" / "otava.json").read_text())["cases"]
TIMES = st.lists(st.floats(0.001, 1.0), max_size=40)


@pytest.mark.parametrize("case", OTAVA, ids=lambda case: case["name"])
def test_clear_series_are_divided_where_apache_otava_divides_them(case):
    found = change_points(case["seconds"])
    assert [point.index for point in found] == case["otava"] == case["planted"]
    for point, otava, planted in zip(found, case["otava_ratios"], case["ratios"], strict=True):
        assert point.ratio == pytest.approx(otava, rel=0.05)
        assert point.ci_low * 0.98 < planted < point.ci_high * 1.02


@pytest.mark.parametrize(("count", "persistence"), [(20, 0.0), (40, 0.0), (100, 0.0), (20, 0.5), (40, 0.5)])
def test_series_without_a_step_seldom_show_one(count, persistence):
    rng = trend_series.noise(count)
    suites = [[trend_series.series(rng, count, persistence=persistence) for _ in range(20)] for _ in range(5)]
    false = sum(
        bool(change_points(times, persistence=resembling))
        for suite in suites
        for resembling in (persistence_of(suite),)
        for times in suite
    )
    assert false <= 6  # of 100, where 1 is promised and heavy tails are not


@pytest.mark.parametrize(
    ("ratio", "runs_after", "at_least"), [(1.05, 40, 25), (1.1, 10, 60), (1.2, 4, 75), (1.2, 5, 85), (0.8, 5, 85)]
)
def test_steps_are_found_within_some_runs(ratio, runs_after, at_least):
    rng = trend_series.noise(7)
    found = [
        change_points(trend_series.series(rng, 20 + runs_after, steps=[(20, ratio)], odd_share=0.03))
        for _ in range(100)
    ]
    near = [
        point for points in found for point in points if abs(point.index - 20) <= 2 and (point.ratio > 1) == (ratio > 1)
    ]
    assert len(near) >= at_least


def test_the_interval_holds_the_true_size_and_the_range_the_true_place():
    rng = trend_series.noise(3)
    points = [
        point
        for _ in range(100)
        for point in change_points(trend_series.series(rng, 40, steps=[(20, 1.25)], odd_share=0.0))
    ]
    assert len(points) >= 97
    assert sum(point.ci_low <= 1.25 <= point.ci_high for point in points) >= 0.9 * len(points)
    assert sum(point.earliest <= 20 <= point.latest for point in points) >= 0.95 * len(points)


def test_some_slow_runs_are_no_step_and_four_are():
    calm = [0.01, 0.0101, 0.0099] * 5
    for slow in range(1, 4):
        assert change_points([*calm, *[0.05, 0.051, 0.049][:slow], *calm]) == ()
    assert [point.index for point in change_points([*calm, 0.05, 0.051, 0.049, 0.05, *calm])] == [15, 19]


def test_a_passing_bump_is_two_steps_that_undo_each_other():
    first, second = change_points(trend_series.series(trend_series.noise(2), 60, steps=[(20, 1.3), (40, 1 / 1.3)]))
    assert (first.index, second.index) == (20, 40)
    assert first.ratio * second.ratio == pytest.approx(1, rel=0.05)
    assert (first.begin, first.end, second.begin, second.end) == (0, 40, 20, 60)


def test_tiny_steps_are_not_worth_a_line_however_sure():
    assert change_points([1.0, 1.0001] * 10 + [1.01, 1.0101] * 10) == ()
    assert len(change_points([1.0, 1.0001] * 10 + [1.03, 1.0301] * 10)) == 1


def test_persistence_is_seen_and_steps_are_not_taken_for_it():
    rng = trend_series.noise(1)
    alone = [trend_series.series(rng, 60, odd_share=0) for _ in range(20)]
    stepped = [trend_series.series(rng, 60, odd_share=0, steps=[(30, 1.5)]) for _ in range(20)]
    in_phases = [trend_series.series(rng, 60, odd_share=0, persistence=0.6) for _ in range(20)]
    assert persistence_of(alone) < 0.1
    assert persistence_of(stepped) < 0.1
    assert persistence_of(in_phases) > 0.35


@given(TIMES)
@settings(deadline=None)
def test_whatever_the_series_steps_lie_inside_it_and_apart(times):
    points = change_points(times)
    assert not points or len(times) >= LEAST_RUNS
    bounds = [0, *(point.index for point in points), len(times)]
    assert all(b - a >= LEAST_STRETCH for a, b in pairwise(bounds)) or not points
    for point in points:
        assert point.begin < point.earliest <= point.index <= point.latest < point.end
        assert point.ci_low <= point.ratio <= point.ci_high
        assert 0 <= point.error_chance <= 0.01


@given(TIMES, st.floats(0.01, 100))
@settings(deadline=None)
def test_another_unit_of_time_changes_nothing(times, factor):
    before = change_points(times)
    after = change_points([value * factor for value in times])
    # Equal up to rounding, which may tip a decision that stands on the edge.
    if [point.index for point in before] == [point.index for point in after]:
        for a, b in zip(before, after, strict=True):
            assert math.isclose(a.ratio, b.ratio, rel_tol=1e-6)
    else:
        assert any(point.error_chance > 0.0099 or abs(math.log(point.ratio)) < 0.02 for point in (*before, *after))


def test_a_series_of_equal_times_has_no_steps_and_a_calm_one_no_division_by_nothing():
    assert change_points([0.01] * 50) == ()
    (point,) = change_points([0.01] * 25 + [0.02] * 25)
    assert (point.index, point.is_sharp) == (25, True)
    assert point.ratio == pytest.approx(2)
