from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.analyse.scoring import band_of, score
from stashbench.model.finding import CheckCategory, Outcome, Severity
from stashbench.model.measurement import MeasurementOutcome
from stashbench.model.score import Band


def test_all_passed_is_a_hundred_and_good(make_finding):
    result = score(
        [make_finding(outcome=Outcome.PASSED), make_finding("b", Outcome.PASSED, category=CheckCategory.API)]
    )
    assert (result.overall, result.low, result.high) == (100.0, 100.0, 100.0)
    assert result.band is Band.GOOD


def test_errored_check_leaves_category_and_whole_without_a_score(make_finding):
    result = score([make_finding("broke", Outcome.ERROR), make_finding("fine", Outcome.PASSED)])
    (database,) = result.categories
    assert database.score is None
    assert database.band is Band.UNKNOWN
    assert "broke" in database.reason
    assert result.overall is None
    assert "broke" in result.reason
    assert result.low < result.high == 100.0


def test_errored_harness_check_does_not_take_the_servers_score(make_finding):
    result = score(
        [make_finding("h", Outcome.ERROR, category=CheckCategory.HARNESS), make_finding("fine", Outcome.PASSED)]
    )
    assert result.overall == 100.0


def test_worst_failure_caps_the_band(make_finding):
    many = [make_finding(f"ok{i}", Outcome.PASSED) for i in range(30)]
    assert score([*many, make_finding(severity=Severity.CRITICAL)]).band is Band.POOR
    assert score([*many, make_finding(severity=Severity.WARNING)]).band is Band.FAIR
    assert score([*many, make_finding(severity=Severity.INFO)]).band is Band.GOOD


def test_unmeasured_checks_widen_the_bounds_and_are_not_counted_as_passed(make_finding):
    result = score(
        [
            make_finding("ok", Outcome.PASSED),
            make_finding("unknown", Outcome.NOT_MEASURED, critical=5.0),
            make_finding("moot", Outcome.NOT_APPLICABLE),
        ]
    )
    assert result.overall == 100.0
    assert result.low == 49.0
    assert result.high == 100.0
    assert result.categories[0].unknown_count == 1
    assert result.categories[0].passed_count == 1


def test_nothing_measured_is_null_with_a_reason(make_finding):
    result = score([make_finding(outcome=Outcome.NOT_MEASURED)])
    assert result.overall is None
    assert result.band is Band.UNKNOWN
    assert "could be measured" in result.reason
    assert score([]).overall is None


def test_failed_benchmark_counts_against_the_api(make_finding, make_measurement):
    fine = make_finding(outcome=Outcome.PASSED, category=CheckCategory.API)
    broken = make_measurement("page", rounds=(), outcome=MeasurementOutcome.FAILED, reason="it answered with errors")
    result = score([fine], [broken, make_measurement("other")])
    assert result.overall == 75.0
    assert "it answered with errors" in result.categories[0].issues[0]


def test_issues_hold_the_messages_of_failed_checks(make_finding):
    (category,) = score([make_finding(message="two indexes are missing")]).categories
    assert category.issues == ("two indexes are missing",)
    assert category.failed_count == 1


def test_bands():
    assert [band_of(value) for value in (100.0, 90.0, 89.9, 50.0, 49.9, None)] == [
        Band.GOOD,
        Band.GOOD,
        Band.FAIR,
        Band.FAIR,
        Band.POOR,
        Band.UNKNOWN,
    ]


findings_lists = st.lists(
    st.tuples(st.sampled_from(Outcome), st.sampled_from(Severity), st.sampled_from(CheckCategory), st.booleans()),
    max_size=12,
)


@given(findings_lists)
def test_bounds_hold_the_score_and_an_error_never_gives_one(make_finding, parts):
    findings = [
        make_finding(f"c{index}", outcome, severity, category, critical=9.0 if has_critical else None)
        for index, (outcome, severity, category, has_critical) in enumerate(parts)
    ]
    result = score(findings)
    server = [item for item in findings if item.category is not CheckCategory.HARNESS]
    if any(item.outcome is Outcome.ERROR for item in server):
        assert result.overall is None
        assert result.reason
    if result.overall is not None:
        assert 0.0 <= result.low <= result.overall <= result.high <= 100.0
        if any(item.outcome is Outcome.FAILED and item.severity is Severity.CRITICAL for item in server):
            assert result.band is Band.POOR
    for category in result.categories:
        assert (category.score is None) == bool(category.reason)
        assert (category.score is None) == (category.band is Band.UNKNOWN)


@given(findings_lists, st.integers(0, 11))
def test_curing_a_failure_never_lowers_the_score(make_finding, parts, position):
    findings = [make_finding(f"c{i}", *part[:3]) for i, part in enumerate(parts)]
    before = score(findings)
    if position < len(findings) and findings[position].outcome is Outcome.FAILED:
        category = findings[position].category
        findings[position] = make_finding(f"c{position}", Outcome.PASSED, category=category)
        after = score(findings)
        if before.overall is not None:
            assert after.overall >= before.overall
