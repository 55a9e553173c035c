from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stashbench.analyse.comparison import compare, judge
from stashbench.model.baseline import Verdict
from stashbench.model.measurement import MeasurementOutcome


def noisy(median, count=20, seed=1, spread=0.02):
    source = random.Random(seed)
    return tuple(median * source.lognormvariate(0.0, spread) for _ in range(count))


@pytest.fixture
def verdict_of(make_baseline, make_measurement):
    def run(before, after, **options):
        stored = make_measurement(rounds=before)
        current = make_measurement(rounds=after)
        (comparison,) = compare(make_baseline(stored), [current], **options)
        return comparison

    return run


def test_clear_slowdown_is_regressed(verdict_of):
    comparison = verdict_of(noisy(0.100), noisy(0.150, seed=2))
    assert comparison.verdict is Verdict.REGRESSED
    assert comparison.ratio == pytest.approx(1.5, rel=0.05)
    assert comparison.ci_low > 1.10
    assert "above the threshold" in comparison.reason


def test_clear_speed_up_is_improved(verdict_of):
    assert verdict_of(noisy(0.150), noisy(0.100, seed=2)).verdict is Verdict.IMPROVED


def test_same_speed_is_unchanged(verdict_of):
    assert verdict_of(noisy(0.100), noisy(0.101, seed=2)).verdict is Verdict.UNCHANGED


def test_interval_across_the_threshold_is_inconclusive(verdict_of):
    comparison = verdict_of(noisy(0.100, spread=0.15), noisy(0.110, seed=2, spread=0.15))
    assert comparison.verdict is Verdict.INCONCLUSIVE
    assert "straddles the threshold" in comparison.reason


def test_slow_median_with_fast_luckiest_rounds_is_a_disturbed_machine(verdict_of):
    before = noisy(0.100, count=30)
    after = noisy(0.100, count=8, seed=2) + noisy(0.200, count=22, seed=3)
    comparison = verdict_of(before, after)
    assert comparison.verdict is Verdict.INCONCLUSIVE
    assert "disturbed machine" in comparison.reason


def test_few_rounds_are_inconclusive_without_numbers(verdict_of):
    comparison = verdict_of((0.1,) * 4, (0.2,) * 30)
    assert comparison.verdict is Verdict.INCONCLUSIVE
    assert comparison.ratio is None
    assert "4 rounds" in comparison.reason


def test_threshold_is_the_callers(verdict_of):
    before, after = noisy(0.100), noisy(0.125, seed=2)
    assert verdict_of(before, after).verdict is Verdict.REGRESSED
    assert verdict_of(before, after, threshold_ratio=1.5).verdict is Verdict.UNCHANGED


def test_new_gone_and_changed_benchmarks_are_named(make_baseline, make_measurement):
    baseline = make_baseline(make_measurement("old"), make_measurement("changed", definition_hash="d1"))
    current = [make_measurement("new"), make_measurement("changed", definition_hash="d2")]
    verdicts = {item.benchmark_id: item for item in compare(baseline, current)}
    assert verdicts["new"].verdict is Verdict.NEW
    assert verdicts["old"].verdict is Verdict.GONE
    assert verdicts["changed"].verdict is Verdict.NOT_COMPARABLE
    assert verdicts["changed"].baseline_median_seconds == 0.1


def test_failed_benchmarks_are_not_comparable_and_say_why(make_baseline, make_measurement):
    broken = make_measurement(rounds=(), outcome=MeasurementOutcome.FAILED, reason="the server answered with errors")
    (now_broken,) = compare(make_baseline(make_measurement()), [broken])
    assert now_broken.verdict is Verdict.NOT_COMPARABLE
    assert "answered with errors" in now_broken.reason
    (was_broken,) = compare(make_baseline(broken), [make_measurement()])
    assert was_broken.verdict is Verdict.NOT_COMPARABLE


def test_a_page_asked_for_less_is_not_compared(make_baseline, make_measurement):
    full = make_measurement("scenes", definition_hash="d1")
    less = msgspec.structs.replace(full, definition_hash="d2", left_out=("Scene.play_count",))
    (now,) = compare(make_baseline(full), [less])
    (then,) = compare(make_baseline(less), [full])
    assert now.verdict is then.verdict is Verdict.NOT_COMPARABLE
    assert now.reason == (
        "Not the same request: this server does not offer Scene.play_count, which the baseline's was asked for."
    )
    assert "the baseline's server did not offer Scene.play_count" in then.reason
    (alike,) = compare(make_baseline(less), [less])
    assert alike.verdict is Verdict.UNCHANGED


def test_no_baseline_gives_no_comparisons(make_measurement):
    assert compare(None, [make_measurement()]) == ()


intervals = st.tuples(*[st.floats(0.2, 5.0)] * 3).map(sorted).map(lambda x: (x[1], x[0], x[2]))


@given(intervals, st.floats(0.2, 5.0), st.floats(1.01, 2.0))
def test_a_regression_lies_wholly_above_the_threshold_and_mirrors_an_improvement(interval, q10_ratio, threshold):
    ratio, low, high = interval
    verdict, reason = judge(interval, q10_ratio, threshold)
    assert reason
    if verdict is Verdict.REGRESSED:
        assert low > threshold
    if verdict is Verdict.UNCHANGED:
        assert 1 / threshold < low <= high < threshold
    mirrored, _ = judge((1 / ratio, 1 / high, 1 / low), 1 / q10_ratio, threshold)
    mirror = {Verdict.REGRESSED: Verdict.IMPROVED, Verdict.IMPROVED: Verdict.REGRESSED}
    assert mirrored is mirror.get(verdict, verdict)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.001, 1.0), min_size=5, max_size=30))
def test_nothing_regresses_against_itself(make_baseline, make_measurement, rounds):
    measurement = make_measurement(rounds=rounds)
    (comparison,) = compare(make_baseline(measurement), [measurement])
    assert comparison.verdict in (Verdict.UNCHANGED, Verdict.INCONCLUSIVE)
    assert comparison.ratio == 1.0
