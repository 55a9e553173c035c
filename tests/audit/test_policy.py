"""Which results make a build fail, for every policy."""

from __future__ import annotations

import pytest

from stashbench.audit import exit_status
from stashbench.model.baseline import Verdict
from stashbench.model.finding import Outcome, Severity

CRITICAL = {"findings": [(Outcome.FAILED, Severity.CRITICAL)]}
WARNING = {"findings": [(Outcome.FAILED, Severity.WARNING)]}
INFO = {"findings": [(Outcome.FAILED, Severity.INFO)]}
COULD_BE_CRITICAL = {
    "findings": [
        (Outcome.PASSED, Severity.CRITICAL),
        (Outcome.NOT_MEASURED, Severity.CRITICAL),
        (Outcome.ERROR, Severity.CRITICAL),
    ]
}
REGRESSED = {"verdicts": [Verdict.UNCHANGED, Verdict.REGRESSED]}
UNSURE = {"verdicts": [Verdict.INCONCLUSIVE, Verdict.NOT_COMPARABLE, Verdict.NEW, Verdict.GONE, Verdict.IMPROVED]}


@pytest.mark.parametrize(
    ("policy", "breaches", "keeps"),
    [
        ("never", [], [CRITICAL, WARNING, INFO, REGRESSED, UNSURE, COULD_BE_CRITICAL]),
        ("regression", [REGRESSED], [CRITICAL, WARNING, INFO, UNSURE, COULD_BE_CRITICAL]),
        ("warning", [CRITICAL, WARNING, REGRESSED], [INFO, UNSURE, COULD_BE_CRITICAL]),
        ("critical", [CRITICAL], [WARNING, INFO, REGRESSED, UNSURE, COULD_BE_CRITICAL]),
    ],
)
def test_each_policy_fails_on_what_it_names_and_on_nothing_else(make_result, policy, breaches, keeps):
    assert [exit_status(make_result(**case), policy) for case in breaches] == [1] * len(breaches)
    assert [exit_status(make_result(**case), policy) for case in keeps] == [0] * len(keeps)


@pytest.mark.parametrize("policy", ["regression", "warning", "critical"])
def test_a_hole_in_the_audit_breaks_every_policy(make_result, policy):
    assert exit_status(make_result(), policy, has_failed_tests=True) == 1


def test_a_failed_test_is_1_as_in_any_pytest_run_unless_never_was_asked_for(make_result):
    assert exit_status(make_result(), "never", has_failed_tests=True, is_fail_on_chosen=False) == 1
    assert exit_status(make_result(), "never", has_failed_tests=True, is_fail_on_chosen=True) == 0
