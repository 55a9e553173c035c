from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.timeline import reduce_timeline
from stashbench.model.sample import Series, Timeline


def timeline_of(*columns):
    count = len(columns[0]) if columns else 0
    return Timeline(
        times_seconds=tuple(index / 10 for index in range(count)),
        series=tuple(Series(name=f"s{place}", unit="", values=tuple(column)) for place, column in enumerate(columns)),
        source="x",
        interval_seconds=0.1,
    )


VALUE = st.one_of(st.none(), st.floats(-1e9, 1e9))
COLUMNS = st.integers(0, 100).flatmap(
    lambda count: st.lists(st.lists(VALUE, min_size=count, max_size=count), min_size=1, max_size=3)
)


@given(COLUMNS, st.integers(-5, 60))
def test_extremes_survive_and_the_limit_is_kept(columns, limit):
    whole = timeline_of(*columns)
    reduced = reduce_timeline(whole, limit)
    assert len(reduced.times_seconds) <= max(limit, 4)
    assert list(reduced.times_seconds) == sorted(reduced.times_seconds)
    assert set(reduced.times_seconds) <= set(whole.times_seconds)
    assert (reduced.source, reduced.interval_seconds) == ("x", 0.1)
    for before, after in zip(whole.series, reduced.series, strict=True):
        assert after.name == before.name
        assert len(after.values) == len(reduced.times_seconds)
        known_before = [value for value in before.values if value is not None]
        known_after = [value for value in after.values if value is not None]
        assert set(known_after) <= set(known_before)
        assert min(known_after, default=None) == min(known_before, default=None)
        assert max(known_after, default=None) == max(known_before, default=None)


@given(COLUMNS)
def test_a_short_timeline_comes_back_as_it_is(columns):
    whole = timeline_of(*columns)
    assert reduce_timeline(whole, max(4, len(columns[0]))) is whole


@given(st.integers(20, 2000), st.integers(0, 10**6), st.integers(10, 200))
def test_a_single_spike_stays_within_a_stretch_of_its_place(count, seed, limit):
    place = seed % count
    whole = timeline_of([100.0 if index == place else 0.0 for index in range(count)])
    reduced = reduce_timeline(whole, limit)
    (at,) = [
        time for time, value in zip(reduced.times_seconds, reduced.series[0].values, strict=True) if value == 100.0
    ]
    stretch = math.ceil(count / max(2, limit // 2)) / 10
    assert abs(at - place / 10) <= stretch


def test_reducing_twice_changes_nothing_more():
    whole = timeline_of([float(index % 17) for index in range(5000)])
    once = reduce_timeline(whole, 200)
    assert reduce_timeline(once, 200) is once


def test_a_gap_stays_a_gap():
    reduced = reduce_timeline(timeline_of([1.0] * 40 + [None] * 40 + [2.0] * 40), 12)
    assert reduced.series[0].values == (1.0,) * 4 + (None,) * 4 + (2.0,) * 4
