from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.paired import Judged
from stashbench.analyse.paired_work import (
    combine,
    judge_work,
    statement_changes,
    telling_work,
    typical_count,
    without_clock,
    work_figures,
)
from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import SideFigures, WorkFigures
from stashbench.model.statement import Statement, StatementTrace

R, I, U, Q = Verdict.REGRESSED, Verdict.IMPROVED, Verdict.UNCHANGED, Verdict.INCONCLUSIVE  # noqa: E741 - a table


def trace(count, *, is_complete=True, shape="SELECT 1", reason="", steps=None):
    statement = Statement(fingerprint="f", sql_shape=shape, count=count, vm_step_count=steps)
    return StatementTrace(
        operation="X",
        is_available=True,
        is_complete=is_complete,
        statement_count=count,
        statements=(statement,),
        reason=reason,
        vm_step_count=steps,
        work_reason="" if steps is not None else "no database",
    )


def verdict(a, b):
    return judge_work([trace(count) for count in a], [trace(count) for count in b])[0]


def test_a_page_that_went_from_twelve_to_fifty_two_statements_has_regressed():
    found, words = judge_work([trace(12)] * 3, [trace(52)] * 3)
    assert found is R
    assert words == "B runs 52 SQL statements where A runs 12"
    assert verdict([52] * 3, [12] * 3) is I
    assert verdict([300, 300, 301], [340, 340, 340]) is R  # 40 more rows asked for one by one
    assert verdict([280, 300, 301], [340, 340, 340]) is U  # where they vary, more is asked for


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([12, 12, 12], [13, 12, 14]),  # a pragma or two
        ([367, 410, 437], [384, 440, 400]),  # what a real v0.30 ran for one page, and did again
        ([367, 370, 380], [420, 430, 440]),  # apart by chance, as three and three of 367 to 440 may be
        ([100], [125]),  # single runs: nobody knows how they vary
        ([367, 370], [420, 440]),  # nor do two of each tell
        ([10], [15]),
    ],
)
def test_what_varies_by_itself_is_no_change(a, b):
    assert verdict(a, b) is U
    assert verdict(b, a) is U


@given(st.lists(st.integers(0, 500), min_size=1, max_size=3), st.lists(st.integers(0, 500), min_size=1, max_size=3))
def test_exchanged_sides_give_the_mirror_image(a, b):
    mirror = {R: I, I: R, U: U}
    assert verdict(b, a) is mirror[verdict(a, b)]
    if set(a) & set(b):
        assert verdict(a, b) is U


def test_lossy_or_missing_traces_say_nothing():
    found, words = judge_work([trace(12)], [trace(52, is_complete=False, reason="lines were lost")])
    assert found is None
    assert words == "statements of B are not known: lines were lost"
    assert judge_work([], [trace(1)])[0] is None
    assert typical_count([trace(9, is_complete=False), trace(7), trace(5), trace(6)]) == 6


@pytest.mark.parametrize(
    ("time", "processor", "work", "expected"),
    [
        (U, U, U, U),
        (Q, None, None, Q),
        (Q, R, U, R),
        (U, None, R, R),
        (Q, I, None, I),
        (Q, U, I, I),
        (I, R, R, I),  # faster is faster, at whatever price
        (R, I, I, R),
        (Q, R, I, Q),  # one says this, one says that
    ],
)
def test_what_clock_processor_and_statements_amount_to(time, processor, work, expected):
    lean = {R: (1.01, 1.2), I: (0.8, 0.99)}.get(processor, (0.9, 1.1))
    found, reason = combine(
        Judged(time, "the clock's reason", ci_low=lean[0], ci_high=lean[1]),
        None if processor is None else Judged(processor, "the processor's reason"),
        work,
        "the statements' reason",
    )
    assert found is expected
    assert "the clock's reason" in reason
    assert ("the processor's reason" in reason) == (processor in {R, I})
    assert ("the statements' reason" in reason) == (work in {R, I})


@pytest.mark.parametrize("verdict", [R, I])
@pytest.mark.parametrize("interval", [(0.99, 1.01), (None, None)])
def test_processor_time_alone_counts_only_where_the_clock_leans_the_same_way(verdict, interval):
    clock = Judged(Q, "the clock's reason", ci_low=interval[0], ci_high=interval[1])
    found, reason = combine(clock, Judged(verdict, "the processor's reason"), U, "")
    assert found is Q
    assert reason == "the clock's reason; the processor's reason; but the clock does not bear it out"
    assert combine(clock, Judged(verdict, "more"), verdict, "statements too")[0] is verdict


def test_only_shapes_that_lie_apart_in_all_runs_are_named():
    a = [trace(40, shape="SELECT tags"), trace(44, shape="SELECT tags")]
    b = [trace(42, shape="SELECT tags"), trace(47, shape="SELECT tags")]
    assert statement_changes(a, b) == ()
    (found,) = statement_changes([trace(1, shape="SELECT tags")] * 2, [trace(40, shape="SELECT tags")] * 2)
    assert (found.sql_shape, found.count_a, found.count_b) == ("SELECT tags", 1, 40)
    assert statement_changes([], b) == ()
    # Apart by chance: a statement that is gathered by the clock and ran 20 to 30 times on either side.
    by_chance = [
        [trace(count, shape="SELECT x WHERE id IN (…)") for count in counts] for counts in ((20, 21, 22), (27, 28, 30))
    ]
    assert statement_changes(*by_chance) == ()


def test_changes_of_statements_are_given_by_their_middle_counts_whoever_is_first():
    few, many = ([trace(count, shape="SELECT tags") for count in counts] for counts in ((9, 10, 12), (40, 52, 60)))
    (there,), (back,) = statement_changes(few, many), statement_changes(many, few)
    assert (there.count_a, there.count_b) == (10, 52)
    assert (back.count_a, back.count_b) == (52, 10)


def test_steps_count_where_statements_are_equal_and_both_must_not_disagree():
    few, many = [trace(12, steps=5_000)] * 3, [trace(12, steps=500_000)] * 3
    found, words = judge_work(few, many)
    assert found is R
    assert words.startswith("its statements take more steps in B: 5,000 → 500,000 steps of SQLite")
    assert judge_work(many, few)[0] is I
    assert judge_work(few, [trace(52, steps=500_000)] * 3)[0] is R
    found, words = judge_work(many, [trace(52, steps=5_000)] * 3)
    assert found is Q
    assert words.startswith("B runs 52 SQL statements where A runs 12; its statements take fewer steps")
    # Steps that are not known take nothing away from what statements say.
    assert judge_work(few, [trace(52)] * 3)[0] is R
    assert judge_work(few, [trace(12)] * 3) == (U, "B runs 12 SQL statements where A runs 12")


def test_figures_are_those_of_the_middle_run_or_the_reason():
    assert work_figures([trace(1, steps=number) for number in (9, 7, 8)]).vm_step_count == 8
    assert work_figures([trace(1)]) == WorkFigures(reason="no database")
    assert work_figures([]) == WorkFigures(reason="it was not counted")


def test_what_differs_more_is_told():
    def side(statements, steps):
        return SideFigures(statement_count=statements, work=WorkFigures(vm_step_count=steps))

    assert telling_work(side(12, 100), side(12, 9_000)) == ("steps of SQLite", 100, 9_000)
    assert telling_work(side(12, 100), side(52, 110)) == ("statements", 12, 52)
    assert telling_work(side(12, None), side(52, 110)) == ("statements", 12, 52)
    assert telling_work(None, side(1, 1)) is None


def test_work_alone_decides_where_no_times_were_taken():
    assert without_clock(R, "more work", "it takes too long") == (
        R,
        "more work; of times nothing is said: it takes too long",
    )
    for work in (U, Q, None):
        assert without_clock(work, "", "it takes too long") == (Q, "it takes too long")
