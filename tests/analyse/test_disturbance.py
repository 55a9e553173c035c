from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.comparison import compare
from stashbench.analyse.disturbance import USUAL_DRIFT, drift_limit, foreign_cores
from stashbench.model.baseline import Verdict
from stashbench.model.sample import ResourceUse


def use(host_percent, server_seconds=0.5, harness_seconds=0.1):
    return ResourceUse(
        span_id="x",
        duration_seconds=1.0,
        cpu_seconds=server_seconds,
        host_cpu_percent_mean=host_percent,
        harness_cpu_seconds=harness_seconds,
    )


def steady(seconds, count=12):
    return tuple(seconds * (1 + 0.002 * (index % 5)) for index in range(count))


def test_what_neither_server_nor_harness_used_is_foreign(make_measurement):
    assert foreign_cores(make_measurement(resources=use(80.0)), 2) == pytest.approx(1.0)
    assert foreign_cores(make_measurement(resources=use(10.0)), 2) == 0.0
    assert foreign_cores(make_measurement(resources=use(None)), 2) is None
    assert foreign_cores(make_measurement(), 2) is None


@pytest.mark.parametrize("disturbed", ["this run", "the baseline"])
def test_a_change_beside_other_programs_is_inconclusive(make_measurement, make_baseline, disturbed):
    quiet, busy = use(30.0), use(90.0)
    before = make_measurement(rounds=steady(0.1), resources=busy if disturbed == "the baseline" else quiet)
    after = make_measurement(rounds=steady(0.2), resources=busy if disturbed == "this run" else quiet)
    (comparison,) = compare(make_baseline(before), [after], cpu_count=2)
    assert comparison.verdict is Verdict.INCONCLUSIVE
    assert f"while {disturbed} measured it" in comparison.reason


def test_the_same_change_on_a_quiet_machine_is_a_regression(make_measurement, make_baseline):
    before = make_measurement(rounds=steady(0.1), resources=use(30.0))
    after = make_measurement(rounds=steady(0.2), resources=use(30.0))
    (comparison,) = compare(make_baseline(before), [after], cpu_count=2)
    assert comparison.verdict is Verdict.REGRESSED


def suite_of(make_measurement, factors):
    return [make_measurement(f"page-{index}", rounds=steady(0.1 * factor)) for index, factor in enumerate(factors)]


def test_a_slowdown_no_larger_than_what_others_gained_is_drift(make_measurement, make_baseline):
    baseline = make_baseline(*suite_of(make_measurement, [1.0] * 8))
    drifted = compare(baseline, suite_of(make_measurement, [1.4, 1.3, 1.0, 1.0, 1.0, 0.9, 0.65, 0.6]))
    assert {item.verdict for item in drifted[:2]} == {Verdict.INCONCLUSIVE}
    assert "differ by without a cause" in drifted[0].reason


def test_a_loss_that_moves_many_pages_one_way_is_a_regression(make_measurement, make_baseline):
    baseline = make_baseline(*suite_of(make_measurement, [1.0] * 8))
    slower = compare(baseline, suite_of(make_measurement, [1.0, 1.02, 0.98, 1.5, 2.0, 3.0, 4.0, 9.0]))
    assert [item.verdict for item in slower].count(Verdict.REGRESSED) == 5


def test_few_pages_are_held_against_the_usual_drift():
    assert drift_limit([5.0, 0.1]) == USUAL_DRIFT


@given(st.lists(st.floats(0.01, 100.0), max_size=30))
def test_the_limit_never_falls_below_the_usual_drift_and_covers_the_opposite_side(ratios):
    limit = drift_limit(ratios)
    assert limit >= USUAL_DRIFT
    if len(ratios) >= 6:
        assert all(1.0 / ratio <= limit for ratio in ratios)
