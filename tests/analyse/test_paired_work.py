from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.paired import Judged
from stashbench.analyse.paired_work import combine, judge_work, statement_changes, typical_count
from stashbench.model.baseline import Verdict
from stashbench.model.statement import Statement, StatementTrace

R, I, U, Q = Verdict.REGRESSED, Verdict.IMPROVED, Verdict.UNCHANGED, Verdict.INCONCLUSIVE  # noqa: E741 - a table


def trace(count, *, is_complete=True, shape="SELECT 1", reason=""):
    statement = Statement(fingerprint="f", sql_shape=shape, count=count)
    return StatementTrace(
        operation="X",
        is_available=True,
        is_complete=is_complete,
        statement_count=count,
        statements=(statement,),
        reason=reason,
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
