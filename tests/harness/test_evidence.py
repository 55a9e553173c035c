"""A check's judgement against the limits in force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.config import load_settings
from stashbench.errors import UsageError
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.finding import CheckCategory, Outcome, Severity

MARK = {"id": "wal-size", "category": "database", "severity": "warning", "unit": "MB"}


def recorder(settings=None, **mark):
    return EvidenceRecorder({**MARK, **mark}, "The WAL is small", settings or load_settings(), "audits/x.py::audit_wal")


@pytest.mark.parametrize(
    ("value", "outcome", "severity"),
    [
        (9.99, Outcome.PASSED, Severity.WARNING),
        (10.0, Outcome.FAILED, Severity.WARNING),
        (99.0, Outcome.FAILED, Severity.WARNING),
        (100.0, Outcome.FAILED, Severity.CRITICAL),
    ],
)
def test_a_value_at_a_limit_breaches_it(value, outcome, severity):
    check = recorder(warning=10, critical=100)
    check.judge(value, message="the WAL is large")
    finding = check.finding()
    assert (finding.outcome, finding.severity, finding.value) == (outcome, severity, value)
    assert (finding.id, finding.category, finding.unit) == ("wal-size", CheckCategory.DATABASE, "MB")


@given(value=st.floats(allow_nan=False), warning=st.floats(-1e6, 1e6), gap=st.floats(0, 1e6))
def test_a_lower_limit_is_the_mirror_of_an_upper_one(value, warning, gap):
    upper = recorder(warning=warning, critical=warning + gap)
    lower = recorder(warning=-warning, critical=-warning - gap, upper=False)
    upper.judge(value, message="m")
    lower.judge(-value, message="m")
    assert upper.finding().outcome is lower.finding().outcome
    assert upper.finding().severity is lower.finding().severity


def test_without_limits_a_true_value_fails_with_the_severity_of_the_mark():
    check = recorder(severity="critical")
    check.judge(1, message="the migration is dirty")
    assert (check.finding().outcome, check.finding().severity) == (Outcome.FAILED, Severity.CRITICAL)
    check.judge(0, message="clean")
    assert check.finding().outcome is Outcome.PASSED


def test_what_is_not_a_number_never_passes():
    with pytest.raises(UsageError, match="wal-size computed a value that is not a number"):
        recorder(warning=10).judge(float("nan"), message="m")


def test_advice_never_rises_above_info():
    check = recorder(severity="info", warning=1, critical=2)
    check.judge(5, message="could be better")
    assert (check.finding().outcome, check.finding().severity) == (Outcome.FAILED, Severity.INFO)


def test_the_configuration_overrides_the_limits_of_the_mark(tmp_path):
    path = tmp_path / "stashbench.toml"
    path.write_text("[thresholds.wal-size]\nwarning = 500\n")
    check = recorder(load_settings(path), warning=10, critical=1000)
    check.judge(100, message="fine here")
    finding = check.finding()
    assert finding.outcome is Outcome.PASSED
    assert (finding.threshold.warning, finding.threshold.critical, finding.threshold.source) == (500, 1000, "file")


def test_evidence_is_kept_by_name_with_rows_as_tuples():
    check = recorder()
    check.evidence("wal_bytes", 1, "bytes")
    check.evidence("wal_bytes", 2, "bytes")
    check.evidence("indexes", [{"name": "a", "rows": 3}])
    check.not_measured("the file is out of reach")
    finding = check.finding()
    assert finding.fact("wal_bytes") == 2
    assert finding.fact("indexes") == ({"name": "a", "rows": 3},)
    assert (finding.outcome, finding.message) == (Outcome.NOT_MEASURED, "the file is out of reach")


def test_no_value_is_not_measured_never_passed():
    check = recorder(warning=1)
    check.judge(None, message="nobody said")
    assert (check.finding().outcome, check.finding().value) == (Outcome.NOT_MEASURED, None)


def test_a_check_that_says_nothing_is_an_error_of_ours():
    assert recorder().finding().outcome is Outcome.ERROR


def test_a_crash_keeps_what_was_seen_before():
    check = recorder()
    check.evidence("seen", 1)
    finding = check.error("ValueError: no")
    assert (finding.outcome, finding.message, finding.fact("seen")) == (Outcome.ERROR, "ValueError: no", 1)


def test_a_mark_without_an_id_says_what_it_lacks():
    with pytest.raises(UsageError, match="lacks id, severity"):
        EvidenceRecorder({"category": "api"}, "t", load_settings(), "audits/x.py::audit_y")
