from __future__ import annotations

import random
import re
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashbench.analyse.stored import compare
from stashbench.analyse.stored_noise import USUAL_PAGE_SIGMA
from stashbench.analyse.stored_pages import locate
from stashbench.model.baseline import QUANTILE_SHARES, Verdict
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.statement import Statement, StatementTrace
from tests.analyse.stored_suites import Suite, measurement, session

CHANGED = {Verdict.REGRESSED, Verdict.IMPROVED, Verdict.SUSPECT}
SLOW = {"page3": 1.15, "page7": 1.3}


def judged(suite, *, count=10, ratios=None, is_looking=True, **options):
    sessions, now = suite.sessions(count), suite.measurements(ratios)
    judgement = compare(sessions, now, seed=1, **options)
    if is_looking and judgement.suspects:
        looks = [suite.look(judgement, ratios) for _ in range(2)]
        judgement = compare(sessions, now, seed=1, remeasured=looks, **options)
    return judgement


def verdicts(judgement):
    return {item.benchmark_id: item.verdict for item in judgement.comparisons}


def of(judgement, name):
    return next(item for item in judgement.comparisons if item.benchmark_id == name)


def test_slowdowns_are_found_and_their_size_is_told():
    judgement = judged(Suite(1), ratios=SLOW)
    found = {name for name, verdict in verdicts(judgement).items() if verdict is Verdict.REGRESSED}
    assert found == set(SLOW)
    page = of(judgement, "page7")
    assert page.ci_low < 1.3 < page.ci_high
    assert page.decided_by == "second look"
    assert page.first_ratio == pytest.approx(1.3, rel=0.15)
    assert page.session_count == 10
    assert page.threshold_ratio < page.smallest_visible
    assert "At first" in page.reason
    assert "measured again" in page.reason


def test_a_suspect_that_was_not_measured_again_has_not_regressed():
    judgement = judged(Suite(1), ratios=SLOW, is_looking=False)
    assert verdicts(judgement)["page7"] is Verdict.SUSPECT
    assert Verdict.REGRESSED not in verdicts(judgement).values()
    assert "not measured again" in of(judgement, "page7").reason
    assert judgement.suspects[0] == "page7"
    assert len(judgement.controls) == 8
    assert not set(judgement.controls) & set(judgement.suspects)


def test_what_does_not_hold_when_measured_again_has_not_regressed():
    suite = Suite(1)
    sessions, now = suite.sessions(10), suite.measurements(SLOW)
    first = compare(sessions, now, seed=1)
    again = compare(sessions, now, seed=1, remeasured=[suite.look(first) for _ in range(2)])
    assert not CHANGED & set(verdicts(again).values())


def test_a_machine_that_slows_down_before_the_second_look_makes_no_regression():
    suite = Suite(3)
    sessions, now = suite.sessions(10), suite.measurements()
    first = compare(sessions, now, seed=1)
    assert first.suspects
    names = [*first.suspects, *first.controls]
    looks = [suite.times(names=names, shift=1.4) for _ in range(2)]
    again = compare(sessions, now, seed=1, remeasured=looks)
    assert Verdict.REGRESSED not in verdicts(again).values()


@pytest.mark.parametrize("count", [1, 3, 10])
def test_unchanged_suites_give_no_alarm(count):
    said = {Verdict.REGRESSED, Verdict.IMPROVED}
    alarms = sum(bool(said & set(verdicts(judged(suite, count=count)).values())) for suite in map(Suite, range(40)))
    assert alarms <= 4  # of 40; one in twenty is promised for each direction


def test_ten_percent_are_found_with_ten_sessions():
    found = sum(
        verdicts(judged(Suite(seed, page=0.015), ratios={"page3": 1.10}))["page3"] is Verdict.REGRESSED
        for seed in range(20)
    )
    assert found >= 18


def test_a_whole_suite_that_moved_is_its_own_finding_and_not_taken_out_of_the_pages():
    judgement = judged(Suite(5), ratios=1.4)
    assert judgement.suite.verdict is Verdict.REGRESSED
    assert judgement.suite.ratio == pytest.approx(1.4, rel=0.1)
    page = of(judgement, "page0")
    assert page.ratio == pytest.approx(1.4, rel=0.15)
    assert "All pages moved together" in page.reason
    assert list(verdicts(judgement).values()).count(Verdict.REGRESSED) > 30


def test_a_suite_that_moved_in_the_first_look_only_has_not_regressed():
    suite = Suite(5)
    sessions, now = suite.sessions(10), suite.measurements(1.4)
    first = compare(sessions, now, seed=1)
    assert first.suite.verdict is Verdict.SUSPECT
    again = compare(sessions, now, seed=1, remeasured=[suite.look(first) for _ in range(2)])
    assert again.suite.verdict is Verdict.INCONCLUSIVE
    assert Verdict.REGRESSED not in verdicts(again).values()


def test_a_few_pages_are_judged_without_a_suite():
    judgement = judged(Suite(2, page_count=3), ratios={"page1": 2.0})
    assert verdicts(judgement)["page1"] is Verdict.REGRESSED
    assert judgement.suite.verdict is Verdict.INCONCLUSIVE
    assert "3 pages" in judgement.suite.reason


def test_one_session_is_enough_to_start_but_sees_less():
    few, many = judged(Suite(1), count=1, ratios={"page3": 2.0}), judged(Suite(1), count=10)
    assert verdicts(few)["page3"] is Verdict.REGRESSED
    assert few.detection_limit > many.detection_limit
    assert few.sigma > 0.3 * USUAL_PAGE_SIGMA


def test_times_of_another_machine_are_never_judged():
    suite = Suite(1)
    for scale in (0.7, 1.0, 1.3):
        judgement = compare(suite.sessions(5), suite.measurements(scale), is_same_machine=False)
        assert set(verdicts(judgement).values()) == {Verdict.NOT_COMPARABLE}
        assert not judgement.suspects
        assert judgement.suite is None
        assert "another machine" in judgement.comparisons[0].reason
        assert judgement.comparisons[0].ratio is None


def test_a_disturbed_machine_leaves_times_inconclusive_with_the_reason():
    judgement = judged(Suite(1), ratios=SLOW, unfit_reasons=["steal of 30 %"])
    assert set(verdicts(judgement).values()) == {Verdict.INCONCLUSIVE}
    assert judgement.suite.verdict is Verdict.INCONCLUSIVE
    assert "steal of 30 %" in judgement.comparisons[0].reason


def test_a_page_many_times_slower_has_regressed_on_a_disturbed_machine_too():
    judgement = judged(Suite(1), ratios={"page3": 9.0}, unfit_reasons=["steal of 30 %"])
    assert verdicts(judgement)["page3"] is Verdict.REGRESSED
    assert list(verdicts(judgement).values()).count(Verdict.INCONCLUSIVE) == 41


def traced(count):
    return StatementTrace(
        operation="FindScenes",
        is_available=True,
        is_complete=True,
        statement_count=count,
        statements=(Statement(fingerprint="f", sql_shape="SELECT 1", count=count),),
    )


@pytest.mark.parametrize("is_same_machine", [True, False])
def test_more_statements_are_a_regression_whatever_the_clock_and_the_machine(is_same_machine):
    suite = Suite(1)
    plain = [suite.measurements() for _ in range(3)]
    sessions = [
        session(number, [msgspec.structs.replace(item, trace=traced(12)) for item in items])
        for number, items in enumerate(plain)
    ]
    now = [
        msgspec.structs.replace(item, trace=traced(52 if item.id == "page4" else 12)) for item in suite.measurements()
    ]
    judgement = compare(sessions, now, is_same_machine=is_same_machine)
    page = of(judgement, "page4")
    assert page.verdict is Verdict.REGRESSED
    assert (page.baseline_statement_count, page.current_statement_count) == (12, 52)
    assert page.decided_by == "counts"
    assert of(judgement, "page5").verdict is not Verdict.REGRESSED
    back = compare([session(9, now)], [msgspec.structs.replace(item, trace=traced(12)) for item in plain[0]])
    assert of(back, "page4").verdict is Verdict.IMPROVED


def test_new_gone_changed_and_failed_benchmarks_are_named():
    suite = Suite(1, page_count=8)
    stored = suite.measurements()
    now = [
        msgspec.structs.replace(stored[0], definition_hash="other"),
        msgspec.structs.replace(stored[1], outcome=MeasurementOutcome.FAILED, reason="it answered with errors"),
        msgspec.structs.replace(stored[2], rounds_seconds=(0.1,) * 4),
        msgspec.structs.replace(stored[3], left_out=("Scene.play_count",)),
        msgspec.structs.replace(stored[4], row_count=40),
        measurement("fresh", (0.1,) * 20),
    ]
    stored[4] = msgspec.structs.replace(stored[4], row_count=20)
    judgement = compare([session(0, stored)], now)
    found = {item.benchmark_id: (item.verdict, item.reason) for item in judgement.comparisons}
    assert found["page0"][0] is found["page1"][0] is found["page3"][0] is Verdict.NOT_COMPARABLE
    assert "answered with errors" in found["page1"][1]
    assert found["page2"] == (
        Verdict.INCONCLUSIVE,
        "Only 4 rounds on one side; at least 5 on both are needed to compare.",
    )
    assert "does not offer Scene.play_count" in found["page3"][1]
    assert "20 rows, and 40 now" in found["page4"][1]
    assert found["fresh"][0] is Verdict.NEW
    assert found["page6"][0] is found["page7"][0] is Verdict.GONE


def test_no_session_gives_no_comparison():
    assert compare([], Suite(1).measurements()).comparisons == ()


def test_a_time_of_zero_is_no_time():
    assert locate((0.0,) * 10) is None
    assert locate((0.1,) * 4) is None


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1, 2, 5, 10]))
def test_a_run_against_itself_is_never_changed(seed, count):
    suite = Suite(seed, page_count=10, calls=20)
    sessions = suite.sessions(count)
    judgement = compare([sessions[-1]], sessions[-1].measurements)
    assert not CHANGED & set(verdicts(judgement).values())
    assert all(item.ratio == pytest.approx(1.0) for item in judgement.comparisons)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e3))
def test_the_unit_of_time_does_not_matter(seed, scale):
    suite = Suite(seed, page_count=10, calls=20)
    sessions, now = suite.sessions(4), suite.measurements({"page1": 1.5})

    def scaled(items):
        return [
            msgspec.structs.replace(item, rounds_seconds=tuple(scale * value for value in item.rounds_seconds))
            for item in items
        ]

    plain = compare(sessions, now)
    other = compare([session(n, scaled(item.measurements)) for n, item in enumerate(sessions)], scaled(now))
    assert verdicts(plain) == verdicts(other)
    assert plain.suspects == other.suspects
    assert [a.ratio for a in plain.comparisons] == pytest.approx([b.ratio for b in other.comparisons])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_order_of_benchmarks_and_sessions_does_not_matter(seed, chance):
    suite = Suite(seed, page_count=10, calls=20)
    sessions, now = suite.sessions(5), suite.measurements({"page1": 1.3})
    plain = compare(sessions, now, seed=3)
    looks = [suite.look(plain)]
    plain = compare(sessions, now, seed=3, remeasured=looks)
    shuffled = [
        msgspec.structs.replace(item, measurements=tuple(chance.sample(item.measurements, len(item.measurements))))
        for item in chance.sample(sessions, len(sessions))
    ]
    other = compare(shuffled, chance.sample(now, len(now)), seed=3, remeasured=looks)
    assert {item.benchmark_id: item for item in plain.comparisons} == {
        item.benchmark_id: item for item in other.comparisons
    }
    assert (plain.suite, plain.suspects, plain.controls) == (other.suite, other.suspects, other.controls)


def test_exchanged_sides_mirror_the_ratio():
    suite = Suite(4)
    (then,), now = suite.sessions(1), suite.measurements(SLOW)
    there, back = compare([then], now), compare([session(1, now)], list(then.measurements))
    for item in there.comparisons:
        assert item.ratio == pytest.approx(1 / of(back, item.benchmark_id).ratio)


def test_two_hundred_benchmarks_are_decided_quickly():
    chance = random.Random(1)
    samples = [tuple(0.01 + chance.random() * 0.001 for _ in range(2000)) for _ in range(10)]
    items = [measurement(f"page{number}", samples[number % 10]) for number in range(200)]
    sessions = [session(number, items) for number in range(10)]
    begin = time.process_time()
    judgement = compare(sessions, items)
    elapsed = time.process_time() - begin
    assert len(judgement.comparisons) == 200
    assert elapsed < 6.0  # two seconds on an idle machine
    print(f"decided in {elapsed:.2f} s")


def test_a_comparison_carries_the_stored_times_it_was_held_against():
    page = of(judged(Suite(1), ratios=SLOW), "page7")
    assert len(page.baseline_quantiles_seconds) == len(QUANTILE_SHARES)
    assert list(page.baseline_quantiles_seconds) == sorted(page.baseline_quantiles_seconds)
    assert len(page.baseline_lows_seconds) == page.session_count
    lows = sorted(page.baseline_lows_seconds)
    assert lows[0] <= page.baseline_quantiles_seconds[QUANTILE_SHARES.index(0.1)] <= lows[-1]
    assert page.baseline_quantiles_seconds[QUANTILE_SHARES.index(0.5)] == pytest.approx(page.baseline_median_seconds)
    assert min(page.first_ratio, page.later_ratio) <= page.ratio <= max(page.first_ratio, page.later_ratio)


def test_an_unfit_machine_is_not_said_to_have_been_able_to_show_anything():
    judgement = judged(Suite(1), unfit_reasons=("busy",))
    assert judgement.detection_limit is None
    assert {item.smallest_visible for item in judgement.comparisons} == {None}


def test_twice_as_fast_and_more_is_a_factor():
    page = of(judged(Suite(1), ratios={"page7": 0.32}), "page7")
    assert page.verdict is Verdict.IMPROVED
    assert re.match(r"3\.\d times as fast as before", page.reason)
