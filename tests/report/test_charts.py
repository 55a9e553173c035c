from __future__ import annotations

import math
import re
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.sample import Span, SpanKind
from stashbench.report.charts.change import change_in_words, draw_change, ratio_scale, ratio_ticks
from stashbench.report.charts.lanes import draw_lanes
from stashbench.report.charts.panel import draw_panel
from stashbench.report.charts.reduction import extremes
from stashbench.report.charts.scale import Scale, clock_scale, linear_from_zero, times_scale
from stashbench.report.charts.strip import draw_strip
from stashbench.report.quantities import duration

POSITIVE = st.floats(min_value=1e-6, max_value=1e6)
COLUMN = st.lists(st.none() | st.floats(min_value=-1e6, max_value=1e6), max_size=400)


@given(COLUMN, st.integers(1, 40))
def test_reduction_keeps_every_extreme_and_the_order(values, buckets):
    kept = extremes(values, buckets)
    present = [value for value in values if value is not None]
    assert [index for index, _ in kept] == sorted({index for index, _ in kept})
    assert all(values[index] == value for index, value in kept)
    assert len(kept) <= max(2 * buckets, 1) + 1
    if present:
        kept_values = [value for _, value in kept if value is not None]
        assert (min(kept_values), max(kept_values)) == (min(present), max(present))


def test_reduction_leaves_a_long_gap_open():
    values = [1.0] * 500 + [None] * 500 + [2.0] * 500
    assert None in [value for _, value in extremes(values, 10)]


@given(POSITIVE, POSITIVE)
def test_times_fall_on_their_scale_in_order(one, other):
    low, high = sorted((one, other))
    scale = times_scale(low, high)
    assert 0 <= scale.position(low) <= scale.position(high) <= 1000
    assert scale.is_log is (high / low > 8)


@given(POSITIVE, POSITIVE)
def test_tick_labels_stand_clear_of_each_other(one, other):
    ticks = times_scale(*sorted((one, other))).ticks(duration)
    for before, after in pairwise(ticks):
        assert after.percent - before.percent >= (24 if before.edge or after.edge else 16)
    assert all(0 <= tick.percent <= 100 for tick in ticks)


@given(st.floats(min_value=0.5, max_value=1e6))
def test_a_clock_has_at_least_two_ticks_where_it_has_a_second(last):
    scale, ticks = clock_scale(last)
    assert scale.high == last
    assert ticks[0].label == "0:00"
    assert len(ticks) >= (2 if last >= 2 else 1)


def test_a_scale_of_memory_ends_on_whole_mebibytes():
    scale = linear_from_zero(242 * 1024**2, is_binary=True)
    assert scale.high == 300 * 1024**2


@pytest.mark.parametrize("highest", [0.0, -1.0, math.nan, math.inf])
def test_a_scale_of_nothing_still_has_a_length(highest):
    assert linear_from_zero(highest) == Scale(0.0, 1.0, is_log=False)


def test_a_panel_leaves_gaps_open_and_stays_in_its_frame():
    values = [5.0, 7.0, None, None, 3.0, math.inf, 4.0]
    panel = draw_panel(tuple(range(7)), values, Scale(0.0, 6.0, is_log=False))
    assert panel.line.count("M") == 3
    assert panel.area.count("z") == 3
    assert panel.top == 8.0


def test_a_share_a_hair_over_all_of_it_ends_at_100_percent():
    across = Scale(0.0, 1.0, is_log=False)
    assert draw_panel((0.0, 1.0), (3.0, 100.4), across, "%").top == 100.0
    assert draw_panel((0.0, 1.0), (3.0, 160.0), across, "%").top == 200.0


@given(COLUMN)
def test_any_column_gives_a_path_of_whole_numbers(values):
    panel = draw_panel(tuple(range(len(values))), values, Scale(0.0, max(1, len(values)), is_log=False))
    assert re.fullmatch(r"(?:M\d+ \d+(?:h1|l-?\d+[ -]\d+(?:[ -]\d+[ -]\d+)*))*", panel.line), panel.line


def test_overlapping_spans_get_lanes_of_their_own_and_numbers_in_order_of_time():
    spans = [
        Span(id=name, label=name, kind=SpanKind.BENCHMARK, begin_seconds=begin, end_seconds=end)
        for name, begin, end in (("b", 2.0, 6.0), ("a", 0.0, 3.0), ("c", 6.0, 7.0))
    ]
    lanes = draw_lanes(spans, Scale(0.0, 10.0, is_log=False))
    assert [[(block.number, block.label) for block in lane.blocks] for lane in lanes] == [
        [(1, "a"), (3, "c")],
        [(2, "b")],
    ]
    assert [lane.name for lane in lanes] == ["Benchmarks", "Benchmarks (2)"]


def test_a_strip_shows_first_and_last_round_and_the_quartiles(result):
    item = result.measurements[2]
    scale = times_scale(item.statistics.minimum_seconds, item.statistics.maximum_seconds)
    strip = draw_strip(item, item.statistics, scale, baseline_seconds=None)
    places = re.findall(r"M(\d+) (\d+)h0", strip.dots)
    assert len(places) == len(item.rounds_seconds)
    assert (places[0][1], places[-1][1]) == ("14", "86")
    assert int(places[0][0]) == pytest.approx(scale.position(item.rounds_seconds[0]), abs=1)
    assert strip.box_x <= strip.median_x <= strip.box_x + strip.box_width
    assert strip.baseline_x is None


def test_many_rounds_are_reduced_to_their_extremes(result):
    item = result.measurements[0]
    many = msgspec.structs.replace(item, rounds_seconds=item.rounds_seconds * 20)
    scale = times_scale(item.statistics.minimum_seconds, item.statistics.maximum_seconds)
    strip = draw_strip(many, item.statistics, scale, baseline_seconds=0.0005)
    assert strip.dots.count("M") <= 121
    furthest = max(int(x) for x, _ in re.findall(r"M(\d+) (\d+)", strip.dots))
    assert furthest == round(scale.position(max(item.rounds_seconds)))


def compare(ratio, low=None, high=None):
    return Comparison(
        benchmark_id="x",
        baseline_name="b",
        verdict=Verdict.INCONCLUSIVE,
        reason="",
        ratio=ratio,
        ci_low=low,
        ci_high=high,
        threshold_ratio=1.1,
    )


@given(st.lists(st.floats(min_value=1e-3, max_value=1e3), min_size=1, max_size=9))
def test_changes_stand_left_or_right_of_no_change(ratios):
    comparisons = [compare(ratio, ratio * 0.9, ratio * 1.1) for ratio in ratios]
    scale = ratio_scale(comparisons)
    assert scale.percent(1.0) == pytest.approx(50, abs=0.01)
    for item in comparisons:
        bar = draw_change(item, scale)
        assert bar.begin <= bar.middle <= bar.begin + bar.width + 0.02
        assert (bar.middle > 50) is (item.ratio > 1) or bar.middle == pytest.approx(50, abs=0.01)
        assert 0 <= bar.begin <= bar.begin + bar.width <= 100.01


@given(st.floats(min_value=1.01, max_value=1e3))
def test_ratio_ticks_stand_clear_and_include_no_change(ratio):
    ticks = ratio_ticks(ratio_scale([compare(ratio)]))
    assert "same" in [tick.label for tick in ticks]
    assert all(after.percent - before.percent >= 17 for before, after in pairwise(ticks))


@pytest.mark.parametrize("ratio", [None, math.nan, math.inf, 0.0, -1.0])
def test_a_change_without_a_usable_ratio_is_not_drawn(ratio):
    assert draw_change(compare(ratio), ratio_scale([compare(ratio)])) is None


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (1.42, "42 % slower"),
        (0.31, "3.2 times as fast"),
        (0.69, "31 % faster"),
        (3.4, "3.4 times as long"),
        (1.0, "no change"),
        (None, ""),
    ],
)
def test_a_change_is_said_with_its_direction(ratio, words):
    assert change_in_words(compare(ratio)).replace("\N{NO-BREAK SPACE}", " ") == words
