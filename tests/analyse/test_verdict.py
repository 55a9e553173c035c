from __future__ import annotations

from stashbench.analyse.verdict import verdict_in_words
from stashbench.model.baseline import Comparison, SuiteShift, Verdict
from stashbench.model.finding import CheckCategory, Outcome, Severity


def regression(benchmark_id="scenes"):
    return Comparison(benchmark_id=benchmark_id, baseline_name="b", verdict=Verdict.REGRESSED, reason="r")


def test_healthy_needs_a_measured_and_clean_server(make_finding):
    assert verdict_in_words([make_finding(outcome=Outcome.PASSED)]) == "Healthy"


def test_things_to_fix_are_counted_with_the_critical_ones(make_finding):
    findings = [
        make_finding("a", severity=Severity.CRITICAL),
        make_finding("b"),
        make_finding("c", severity=Severity.INFO),
        make_finding("d", category=CheckCategory.HARNESS),
    ]
    assert verdict_in_words(findings) == "2 things to fix, 1 of them critical"
    assert verdict_in_words(findings[:1]) == "1 thing to fix, critical"


def test_a_regression_is_a_thing_to_fix(make_finding):
    words = verdict_in_words([make_finding(outcome=Outcome.PASSED)], [regression()])
    assert words == "1 thing to fix; 1 page is slower than the baseline"


def test_unsteady_machine_makes_a_clean_result_inconclusive(make_finding):
    shaken = make_finding(category=CheckCategory.HARNESS, message="CPU steal was 14 %.")
    words = verdict_in_words([make_finding("ok", Outcome.PASSED), shaken])
    assert words == "Inconclusive, because CPU steal was 14 %"


def test_errors_and_silence_are_never_healthy(make_finding):
    assert "ended in an error (broke)" in verdict_in_words([make_finding("broke", Outcome.ERROR)])
    assert verdict_in_words([]).startswith("Inconclusive, because no check")


def test_unmeasured_checks_are_admitted(make_finding):
    words = verdict_in_words([make_finding("a", Outcome.PASSED), make_finding("b", Outcome.NOT_MEASURED)])
    assert words == "Healthy as far as could be measured (1 of 2 checks could not be judged)"


def test_a_broken_off_audit_says_so(make_finding):
    assert verdict_in_words([make_finding()], partial_reasons=["it was interrupted"]).endswith("run to its end)")
    words = verdict_in_words([make_finding(outcome=Outcome.PASSED)], partial_reasons=["it was interrupted"])
    assert words == "Inconclusive, because it was interrupted"


def test_a_suite_that_moved_is_one_thing_to_fix_however_many_pages_show_it():
    suite = SuiteShift(verdict=Verdict.REGRESSED, reason="all pages are 30 % slower", ratio=1.3)
    pages = [
        Comparison(benchmark_id=f"page{number}", baseline_name="b", verdict=Verdict.REGRESSED, reason="r")
        for number in range(4)
    ]
    words = verdict_in_words([], pages, suite=suite)
    assert words == "1 thing to fix; all pages together are slower than the baseline"
