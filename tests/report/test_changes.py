from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from stashbench.model.baseline import QUANTILE_SHARES, Comparison, SuiteShift, Verdict
from stashbench.model.quality import MachineQuality
from stashbench.report.charts.change import draw_change, ratio_scale
from stashbench.report.charts.distributions import Spread, draw_distributions
from stashbench.report.html import render_html
from stashbench.report.view.change_words import chip_of, limit_in_words, seen_in_words
from stashbench.report.view.changes import view_changes
from stashbench.report.view.gains import gain_in_words, gains_of_audit, gains_of_comparison

COUNT = len(QUANTILE_SHARES)
TIMES = st.lists(st.floats(min_value=1e-6, max_value=1e3), min_size=COUNT, max_size=COUNT).map(sorted).map(tuple)
SHIFT = SuiteShift(
    verdict=Verdict.IMPROVED, reason="All faster.", ratio=0.8, ci_low=0.75, ci_high=0.86, benchmark_count=30
)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def compare(ratio=1.2, **changes):
    base = Comparison(
        benchmark_id="bench-12",
        baseline_name="b",
        verdict=Verdict.REGRESSED,
        reason="",
        ratio=ratio,
        ci_low=ratio * 0.95,
        ci_high=ratio * 1.05,
        threshold_ratio=1.082,
        smallest_visible=1.11,
        session_count=7,
        decided_by="first look",
    )
    return replace(base, **changes)


@given(st.lists(TIMES, min_size=1, max_size=3))
def test_the_fastest_stand_left_and_lowest_in_each_lane(spreads):
    drawn = draw_distributions([Spread(f"s{index}", times) for index, times in enumerate(spreads)])
    assert len(drawn.lanes) == len(spreads)
    for lane in drawn.lanes:
        places = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h0", lane.dots)]
        assert len(places) == COUNT
        assert [x for x, _ in places] == sorted(x for x, _ in places)
        assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)
        assert 0 <= lane.box_x <= 1000


@pytest.mark.parametrize("times", [(), (0.0,) * COUNT, (0.1,) * (COUNT - 1), (float("inf"),) * COUNT])
def test_times_that_cannot_be_drawn_are_not(times):
    assert draw_distributions([Spread("then", (0.1,) * COUNT), Spread("now", times)]) is None
    assert draw_distributions([]) is None


def test_a_page_shows_stored_times_this_run_and_what_was_measured_again(result):
    shown = {item.title: item for item in view_changes(result).shown}
    regressed = shown["Tag with all sub-tags"].spreads
    assert regressed.columns == ("Stored", "This run", "Again")
    assert [lane.name for lane in regressed.drawn.lanes] == list(regressed.columns)
    assert regressed.drawn.lanes[0].sessions.count("M") == 5
    assert not regressed.drawn.lanes[1].sessions
    assert regressed.rows[-1] == ("Answers", "5\N{NO-BREAK SPACE}sessions", "20", "20")
    assert shown["Tag with all sub-tags"].is_open
    assert shown["Tags with counts"].spreads.columns == ("Stored", "This run")
    assert all(item.spreads is None for item in view_changes(result).unchanged)
    assert not any(item.is_open for item in view_changes(result).accepted)


def test_thresholds_stand_on_both_sides_and_what_is_off_the_scale_is_left_out():
    item = compare()
    scale = ratio_scale([item])
    bar = draw_change(item, scale)
    left, right = bar.thresholds
    assert left + right == pytest.approx(100, abs=0.02)
    assert right < bar.visible < bar.middle
    assert bar.beyond == ""
    noisy = compare(1.01, threshold_ratio=9.0, smallest_visible=12.0)
    bar = draw_change(noisy, ratio_scale([noisy]))
    assert (bar.thresholds, bar.visible) == ((), None)
    assert draw_change(compare(40.0), ratio_scale([compare(40.0)])).beyond == "right"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            (
                "Counts beyond +8.2 % or \N{MINUS SIGN}7.6 %",
                "a slowdown of 11 %",
                "7 stored sessions",
                "by the first look",
            ),
        ),
        (
            {"first_ratio": 1.25, "later_ratio": 1.17, "decided_by": "second look"},
            ("at first +25 %, measured again +17 %", "judged by both looks together"),
        ),
        (
            {"first_ratio": 1.25, "decided_by": "paired"},
            ("at first +25 %;", "side by side with the baseline\N{RIGHT SINGLE QUOTATION MARK}s server"),
        ),
        ({"decided_by": "counts", "threshold_ratio": None}, ("by its SQL statements, not by the clock",)),
        ({"session_count": 1}, ("held against 1 stored session;",)),
    ],
)
def test_it_is_told_what_could_be_seen_and_what_decided(changes, said):
    words = plain(seen_in_words(compare(**changes)))
    assert all(part in words for part in said), words


def test_what_only_statements_show_is_not_called_slower():
    assert chip_of(compare(decided_by="counts")).word == "Costs more"
    assert chip_of(compare(decided_by="counts", verdict=Verdict.IMPROVED)).word == "Costs less"
    assert chip_of(compare(accepted="known")).word == "Slower, accepted"


def test_all_pages_together_have_a_line_of_their_own_above(result):
    moved = replace(SHIFT, verdict=Verdict.REGRESSED, ratio=1.3, ci_low=1.2, ci_high=1.4, accepted="a new <disk>")
    view = view_changes(replace(result, suite_shift=moved))
    assert plain(view.suite.what) == "All 30 pages together"
    assert plain(f"{view.suite.change} {view.suite.interval}") == "30 % slower +20 % to +40 %"
    assert view.suite.chip.word == "Slower, accepted"
    html = render_html(replace(result, suite_shift=moved))
    assert "a new &lt;disk&gt;" in html
    assert html.index("pages together</strong>") < html.index('<a href="#b-bench-29">')
    assert view_changes(replace(result, suite_shift=None)).suite is None


def test_the_run_says_what_it_could_have_seen(result):
    quiet = replace(result, machine=None)
    assert plain(limit_in_words(quiet)).startswith("Typically, a page that takes 12 % longer would have been found")
    assert "not judged" in limit_in_words(replace(quiet, detection_limit=None))
    unfit = replace(result, machine=MachineQuality(unfit_reasons=("busy",)))
    assert "too disturbed" in limit_in_words(unfit)
    assert limit_in_words(replace(quiet, baseline_name=None)) == ""


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        ((0.32, 0.29, 0.345), "3.1 times as fast [2.9, 3.4]"),
        ((0.88, 0.84, 0.922), "12 % faster [7.8 %, 16 %]"),
        ((0.97, 0.93, 1.01), "3.0 % faster [\N{MINUS SIGN}1.0 %, 7.0 %]"),
    ],
)
def test_a_gain_is_said_with_its_interval(ratio, words):
    assert plain(gain_in_words(*ratio)) == words


def test_the_head_says_what_became_faster(result, comparisons):
    assert plain(gains_of_audit(result)) == (
        "Your change made “Performers with counts” 3.2 times as fast [3.1, 3.4] and "
        "“First page by path” 12 % faster [7.6 %, 16 %]."
    )
    assert gains_of_audit(result) in render_html(result)
    assert gains_of_comparison(comparisons.build_comparison()).startswith("Your change made “Page 2” 2.4 times as fast")


def test_what_all_pages_share_is_not_called_the_doing_of_a_change(result):
    words = plain(gains_of_audit(replace(result, suite_shift=SHIFT)))
    assert words == "All pages together became 20 % faster [14 %, 25 %] since the baseline."


def test_only_what_the_clock_saw_and_nobody_accepted_is_a_gain(result):
    gain = compare(0.5, verdict=Verdict.IMPROVED)
    said = [
        gains_of_audit(replace(result, comparisons=(item,)))
        for item in (gain, replace(gain, decided_by="counts"), replace(gain, accepted="known"), compare())
    ]
    assert said[0]
    assert said[1:] == ["", "", ""]
