"""Failed findings as alerts, in the shape of the source design's result document."""

from __future__ import annotations

from collections.abc import Iterable

from stashbench.model.alert import Alert
from stashbench.model.baseline import Comparison
from stashbench.model.finding import Finding, Outcome, Severity

_ORDER = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}


def alerts_of(
    findings: Iterable[Finding], comparisons: Iterable[Comparison] = (), *, timestamp: str
) -> tuple[Alert, ...]:
    """Raise an alert for each failed check of warning severity or worse, and for each regression.

    `timestamp` is RFC 3339 in UTC (this layer reads no clock). Worst first, then in the order given. A single audit
    raises alerts; resolving them needs a later one.
    """
    alerts = [
        Alert(
            type=f"check:{finding.id}",
            severity=finding.severity,
            message=finding.message or finding.title,
            timestamp=timestamp,
            resolved=False,
            finding_id=finding.id,
        )
        for finding in findings
        if finding.outcome is Outcome.FAILED and finding.severity is not Severity.INFO
    ]
    alerts += [
        Alert(
            type=f"regression:{comparison.benchmark_id}",
            severity=Severity.WARNING,
            message=f"{comparison.benchmark_id} regressed against {comparison.baseline_name}: {comparison.reason}",
            timestamp=timestamp,
            resolved=False,
        )
        for comparison in comparisons
        if comparison.is_counted_regression
    ]
    return tuple(sorted(alerts, key=lambda alert: _ORDER[alert.severity]))
