from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.work_steps import LEAST_STEPS, STORED_STEADY_SHARE, compare_steps
from stashbench.model.baseline import Verdict
from stashbench.model.statement import Statement, StatementTrace

R, I, U = Verdict.REGRESSED, Verdict.IMPROVED, Verdict.UNCHANGED  # noqa: E741 - a table
MIRROR = {R: I, I: R, U: U, None: None}


def statement(name, steps, *, count=1, scans=0, is_at_least=False, shape=None):
    return Statement(
        fingerprint=name,
        sql_shape=shape or f"SELECT {name}",
        count=count,
        vm_step_count=steps,
        full_scan_step_count=None if steps is None else scans,
        sort_count=None if steps is None else 0,
        auto_index_row_count=None if steps is None else 0,
        is_at_least=is_at_least,
    )


def trace(*statements, version="3.50.0", reason=""):
    known = [item.vm_step_count for item in statements if item.vm_step_count is not None]
    return StatementTrace(
        operation="X",
        is_available=True,
        is_complete=True,
        statement_count=sum(item.count for item in statements),
        statements=statements,
        vm_step_count=sum(known) if known else None,
        sqlite_version=version,
        work_reason=reason,
    )


def three(*statements):
    return [trace(*statements)] * 3


def test_a_lost_index_is_seen_although_the_statements_are_equal():
    found = compare_steps(three(statement("page", 5_000)), three(statement("page", 500_000, scans=40_000)))
    assert found.verdict is R
    assert found.sentence == (
        "5,000 → 500,000 steps of SQLite (0 → 40,000 rows stepped over in whole tables), most of all "
        "5,000 → 500,000 in: SELECT page"
    )
    assert compare_steps(three(statement("page", 500_000)), three(statement("page", 5_000))).verdict is I


def test_what_is_gathered_by_the_clock_may_vary_and_what_is_not_may_not():
    def page(own, gathered):
        return trace(statement("own", own), statement("list", gathered, shape="SELECT x WHERE id IN (…)"))

    a = [page(50_000, steps) for steps in (29_000, 31_000, 34_000)]
    assert compare_steps(a, [page(50_000, steps) for steps in (36_000, 37_000, 38_000)]).verdict is U
    # A tenth more in the statement that hardly ever varies is one, in the rest it is not.
    assert compare_steps(a, [page(55_000, steps) for steps in (29_000, 31_000, 34_000)]).verdict is R
    assert compare_steps(a[:1], [page(55_000, 31_000)], steady_share=STORED_STEADY_SHARE).verdict is U


def test_little_is_no_change_whatever_its_share():
    assert compare_steps(three(statement("a", 10)), three(statement("a", LEAST_STEPS))).verdict is U


def test_what_was_not_counted_is_left_out_or_told():
    unknown = statement("b", None)
    a, b = three(statement("a", 9_000), unknown), three(statement("a", 9_000), statement("b", 900_000))
    assert compare_steps(a, b).verdict is U
    found = compare_steps([trace(statement("a", None), reason="the database is not at hand")], b)
    assert (found.verdict, found.sentence) == (None, "SQLite's steps are not known: the database is not at hand")
    assert compare_steps([], b).verdict is None
    other = compare_steps(three(statement("a", 9_000)), [trace(statement("a", 99_000), version="3.54.1")] * 3)
    assert (other.verdict, "two versions" in other.sentence) == (None, True)


def test_what_was_broken_off_may_have_taken_any_more():
    broken = statement("a", 50_000, is_at_least=True)
    assert compare_steps(three(statement("a", 9_000)), three(broken)).verdict is R
    assert compare_steps(three(broken), three(statement("a", 900_000))).verdict is U
    assert "at least 50,000" in compare_steps(three(statement("a", 9_000)), three(broken)).sentence


STATEMENTS = st.builds(
    statement,
    st.sampled_from("abc"),
    st.one_of(st.none(), st.integers(0, 10**6)),
    count=st.integers(1, 5),
    is_at_least=st.booleans(),
    shape=st.sampled_from([None, "SELECT x WHERE id IN (…)"]),
)
TRACES = st.lists(
    st.lists(STATEMENTS, max_size=3, unique_by=lambda item: item.fingerprint).map(lambda items: trace(*items)),
    max_size=3,
)


@given(TRACES, TRACES)
def test_exchanged_sides_give_the_mirror_image(a, b):
    assert compare_steps(b, a).verdict is MIRROR[compare_steps(a, b).verdict]


@given(TRACES)
def test_a_run_against_itself_never_changed(a):
    assert compare_steps(a, a).verdict in {U, None}
