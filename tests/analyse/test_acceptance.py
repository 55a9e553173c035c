from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.acceptance import accept, accept_paired, accept_stored, fits, without_object
from stashbench.model.acceptance import AcceptedChange
from stashbench.model.baseline import Comparison, SuiteShift, Verdict
from stashbench.model.side_by_side import PairedBenchmark, SideFigures

TODAY = date(2027, 1, 31)
RULE = AcceptedChange(benchmark="tags*", reason="counts of sub-tags", until=TODAY, up_to=1.5)


def paired(name, verdict=Verdict.REGRESSED, **more):
    return PairedBenchmark(id=name, title=name, group="g", page="p", verdict=verdict, reason="", **more)


def test_a_regression_is_accepted_with_its_reason_and_keeps_its_verdict():
    slower = paired("tags-with-depth", ratio=1.4, time_verdict=Verdict.REGRESSED)
    other = paired("scenes", ratio=1.4, time_verdict=Verdict.REGRESSED)
    (accepted, counted), warnings = accept_paired([slower, other], [RULE], TODAY)
    assert accepted.verdict is Verdict.REGRESSED
    assert accepted.accepted == "counts of sub-tags (accepted until 2027-01-31)"
    assert not accepted.is_counted_regression
    assert counted.is_counted_regression
    assert warnings == ()


def test_the_day_after_the_last_it_counts_again_and_says_so():
    slower = paired("tags", ratio=1.4, time_verdict=Verdict.REGRESSED)
    (item,), warnings = accept_paired([slower], [RULE], TODAY + timedelta(days=1))
    assert item.is_counted_regression
    assert warnings == (
        "the change of tags was accepted until 2027-01-31 (counts of sub-tags); that has expired, so it counts again",
    )


def test_an_expired_rule_that_nothing_needs_is_told_too():
    _, warnings = accept_paired([paired("tags", Verdict.UNCHANGED)], [RULE], TODAY + timedelta(days=1))
    assert warnings == (
        "the accepted change of tags* expired on 2027-01-31; nothing needs it now, so take it out of the settings",
    )


def test_a_change_that_grew_beyond_what_was_accepted_counts_whatever_shows_it():
    by_time = paired("tags", ratio=1.6, time_verdict=Verdict.REGRESSED)
    by_processor = paired("tags-b", ratio=1.1, cpu_ratio=1.7, cpu_verdict=Verdict.REGRESSED)
    figures = {"a": SideFigures(statement_count=12), "b": SideFigures(statement_count=52)}
    by_work = paired("tags-c", ratio=1.0, work_verdict=Verdict.REGRESSED, **figures)
    small = paired("tags-d", ratio=1.6, cpu_ratio=1.2, cpu_verdict=Verdict.REGRESSED)
    marked, warnings = accept_paired([by_time, by_processor, by_work, small], [RULE], TODAY)
    assert [item.is_counted_regression for item in marked] == [True, True, True, False]
    assert "it is 1.60 times now, so it counts" in warnings[0]
    assert "it is 4.33 times now" in warnings[2]


def test_a_baseline_comparison_is_accepted_by_time_and_by_statements():
    time = Comparison(benchmark_id="tags", baseline_name="b", verdict=Verdict.REGRESSED, reason="", ratio=1.2)
    work = Comparison(
        benchmark_id="tags-2",
        baseline_name="b",
        verdict=Verdict.REGRESSED,
        reason="",
        ratio=1.0,
        baseline_statement_count=12,
        current_statement_count=52,
        statement_change="more",
    )
    unknown = Comparison(benchmark_id="tags-3", baseline_name="b", verdict=Verdict.REGRESSED, reason="")
    marked, suite, _ = accept_stored([time, work, unknown], None, [RULE], TODAY)
    assert [item.is_counted_regression for item in marked] == [False, True, True]
    assert suite is None


def test_the_whole_suite_is_accepted_by_its_name_only():
    suite = SuiteShift(verdict=Verdict.REGRESSED, reason="", ratio=1.3)
    everything = AcceptedChange(benchmark="*", reason="all", until=TODAY)
    _, counted, _ = accept_stored([], suite, [everything], TODAY)
    assert counted.is_counted_regression
    named = AcceptedChange(benchmark="suite", reason="new runtime", until=TODAY, up_to=1.4)
    _, accepted, _ = accept_stored([], suite, [named], TODAY)
    assert accepted.accepted.startswith("new runtime")
    assert not fits(named, "scenes")


def test_rules_that_fit_nothing_are_told():
    odd = AcceptedChange(benchmark="tgas", reason="r", until=TODAY)
    (told,) = without_object([RULE, odd], ["tags", "scenes"])
    assert "'tgas'" in told


def test_a_name_with_brackets_fits_itself():
    rule = AcceptedChange(benchmark="scenes[40]", reason="r", until=TODAY)
    assert fits(rule, "scenes[40]")


@given(
    st.dictionaries(st.sampled_from(["tags", "tags-2", "scenes"]), st.floats(1.0, 10.0)),
    st.integers(-3, 3),
    st.one_of(st.none(), st.floats(1.01, 10.0)),
)
def test_what_is_accepted_fits_a_rule_that_holds_and_all_others_that_fit_are_explained(sizes, days, up_to):
    rule = AcceptedChange(benchmark="tags*", reason="r", until=TODAY + timedelta(days=days), up_to=up_to)
    found = accept(sizes, [rule], TODAY)
    holding = {name for name, size in sizes.items() if name != "scenes" and days >= 0 and size <= (up_to or 10.0)}
    assert set(found.reasons) == holding
    fitting = {name for name in sizes if name != "scenes"}
    assert sum("so it counts" in text for text in found.warnings) == len(fitting - holding)
