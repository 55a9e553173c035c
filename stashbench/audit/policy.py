"""Which results make a build fail."""

from __future__ import annotations

from typing import Literal

from stashbench.model.finding import Outcome, Severity
from stashbench.model.result import AuditResult


def exit_status(
    result: AuditResult,
    fail_on: Literal["never", "regression", "warning", "critical"],
    *,
    has_failed_tests: bool = False,
    is_fail_on_chosen: bool = True,
) -> int:
    """Return 1 if the result breaks the policy, else 0.

    `regression` looks at comparisons and at the suite as a whole, but for what is accepted, `critical` at critical
    findings, `warning` at both and at warnings. A test that failed (the server answered with errors, a check crashed)
    left a hole in the audit: it breaks every policy, and makes 1 without a policy too, as any pytest run would; only a
    chosen `never` is always 0.
    """
    if has_failed_tests and not (fail_on == "never" and is_fail_on_chosen):
        return 1
    failed = {finding.severity for finding in result.findings if finding.outcome is Outcome.FAILED}
    shift = result.suite_shift
    has_regressed = any(comparison.is_counted_regression for comparison in result.comparisons)
    has_regressed = has_regressed or (shift is not None and shift.is_counted_regression)
    breaches = {
        "never": False,
        "regression": has_regressed,
        "warning": has_regressed or bool(failed & {Severity.WARNING, Severity.CRITICAL}),
        "critical": Severity.CRITICAL in failed,
    }
    return int(breaches[fail_on])
