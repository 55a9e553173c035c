from __future__ import annotations

import pytest

from stashbench.analyse.stored_counts import BY_COUNTS, with_counts
from stashbench.analyse.stored_pages import Page
from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.statement import Statement, StatementTrace

R, I, Q = Verdict.REGRESSED, Verdict.IMPROVED, Verdict.INCONCLUSIVE  # noqa: E741 - a table


def measured(steps, count=12, version="3.54.1"):
    statement = Statement(fingerprint="f", sql_shape="SELECT page", count=count, vm_step_count=steps)
    trace = StatementTrace(
        operation="X",
        is_available=True,
        is_complete=True,
        statement_count=count,
        statements=(statement,),
        vm_step_count=steps,
        sqlite_version=version if steps is not None else "",
    )
    return Measurement(
        id="x",
        nodeid="x",
        title="X",
        group="g",
        page="p",
        operation="X",
        outcome=MeasurementOutcome.OK,
        trace=trace,
    )


def judged(stored, now, verdict=Q):
    comparison = Comparison(benchmark_id="x", baseline_name="b", verdict=verdict, reason="The clock says nothing.")
    return with_counts(comparison, Page(current=now, alike=tuple(stored)))


def test_a_lost_index_is_a_regression_whatever_the_clock_says():
    found = judged([measured(5_000)] * 5, measured(500_000))
    assert (found.verdict, found.decided_by) == (R, BY_COUNTS)
    assert found.reason.startswith("It needs more work of SQLite (5,000 → 500,000 steps of SQLite")
    assert found.statement_change.startswith("5,000 → 500,000")
    assert judged([measured(500_000)], measured(5_000)).verdict is I


@pytest.mark.parametrize(
    ("stored", "now"),
    [
        ([5_000], 5_000),
        ([50_000, 60_000], 66_000),  # beyond all, but not by far: the library grew
        ([50_000, 200_000], 100_000),  # not beyond all sessions
        ([5_000], None),
        ([None], 500_000),
    ],
)
def test_no_change_of_steps_leaves_the_clocks_word(stored, now):
    found = judged([measured(steps) for steps in stored], measured(now))
    assert (found.verdict, found.statement_change, found.reason) == (Q, "", "The clock says nothing.")


def test_sessions_counted_by_another_sqlite_are_not_held_against():
    old, new = measured(500, version="3.40.0"), measured(500_000)
    assert judged([old], new).verdict is Q
    assert judged([old, measured(5_000)], new).verdict is R


def test_the_clocks_own_finding_stays_and_opposite_counts_decide_nothing():
    assert judged([measured(5_000)], measured(500_000), I).verdict is I
    found = judged([measured(500_000, count=12)], measured(5_000, count=52))
    assert found.verdict is Q
    assert "12 → 52 statements" in found.statement_change
    assert "500,000 → 5,000 steps" in found.statement_change
