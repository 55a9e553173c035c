from __future__ import annotations

import pytest

from stashbench.analyse.checks.latency import (
    OperationTiming,
    cost_of_totals,
    latency_floor,
    slow_update,
    waiting_time,
)
from stashbench.model.finding import Outcome


def timing(operation="findTags", latency=0.5, cpu=0.05, delay=0.0, rounds=4):
    return OperationTiming(
        operation=operation,
        rounds_seconds=(latency,) * rounds,
        cpu_seconds=None if cpu is None else cpu * (rounds + 1),
        request_count=rounds + 1,
        run_delay_seconds=delay * (rounds + 1),
        logged_sql_seconds=0.02,
    )


def test_a_delayed_operation_waits_and_is_named():
    observation = waiting_time([timing(), timing("stats", latency=0.06)], floor_seconds=0.001)
    assert observation.value == pytest.approx(449.0)
    assert observation.fact("worst_operation") == "findTags"
    assert observation.fact("operations")[0]["logged_sql_ms"] == 20.0


def test_a_slow_operation_that_computes_does_not_wait():
    assert waiting_time([timing(latency=2.0, cpu=2.0)], 0.001).value == 0.0


def test_work_on_two_cores_is_not_negative_waiting():
    assert waiting_time([timing(latency=1.0, cpu=1.8)], 0.001).value == 0.0


def test_queueing_for_a_cpu_leaves_the_question_open():
    observation = waiting_time([timing(latency=0.5, cpu=0.05, delay=0.6)], 0.001)
    assert observation.outcome is Outcome.INCONCLUSIVE
    assert "crowded" in observation.message


def test_a_little_queueing_does_not_hide_a_long_wait():
    assert waiting_time([timing(delay=0.05)], 0.001).value == pytest.approx(399.0)


def test_without_the_process_nothing_is_said():
    assert waiting_time([timing(cpu=None)], 0.001).outcome is Outcome.NOT_MEASURED


def test_without_a_timed_operation_the_process_is_not_blamed():
    assert "No operation" in waiting_time([], 0.001).message


def test_the_limit_in_force_decides_what_queueing_leaves_open():
    assert waiting_time([timing(latency=0.5, cpu=0.05, delay=0.6)], 0.001, 1000.0).value == 0.0


def test_floor_is_the_median_in_milliseconds():
    assert latency_floor([0.004, 0.005, 0.3]).value == 5.0


def test_saving_is_judged_beyond_the_floor():
    assert slow_update([0.81, 0.8, 0.82], 0.01).value == pytest.approx(800.0)


def test_totals_cost_the_difference_and_never_less_than_nothing():
    observation = cost_of_totals([0.1] * 5, [0.9] * 5, 4_000_000)
    assert observation.value == pytest.approx(800.0)
    assert observation.fact("share_percent") == pytest.approx(88.9, abs=0.1)
    assert cost_of_totals([0.1] * 5, [0.09] * 5, 10).value == 0.0
