from __future__ import annotations

from stashbench.analyse.alerts import alerts_of
from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.finding import Outcome, Severity


def test_failed_checks_and_regressions_alert_worst_first(make_finding):
    findings = [
        make_finding("mild"),
        make_finding("bad", severity=Severity.CRITICAL),
        make_finding("note", severity=Severity.INFO),
        make_finding("fine", Outcome.PASSED),
    ]
    regressed = Comparison(benchmark_id="scenes", baseline_name="b", verdict=Verdict.REGRESSED, reason="1.5 times")
    alerts = alerts_of(findings, [regressed], timestamp="2026-01-01T00:00:00Z")
    assert [alert.type for alert in alerts] == ["check:bad", "check:mild", "regression:scenes"]
    assert alerts[0].finding_id == "bad"
    assert not any(alert.resolved for alert in alerts)
    assert "1.5 times" in alerts[2].message
