"""Accepted changes and smallest effects from the settings to a run's result and its exit status."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from stashbench.audit import conclude, exit_status
from stashbench.config.audit import AuditSettings
from stashbench.model.acceptance import AcceptedChange
from stashbench.model.baseline import Comparison, SuiteShift, Verdict

SLOWER = Comparison(benchmark_id="tags", baseline_name="b", verdict=Verdict.REGRESSED, reason="", ratio=1.4)
SHIFT = SuiteShift(verdict=Verdict.REGRESSED, reason="", ratio=1.2)


@pytest.fixture
def result(record, tmp_path):
    settings = AuditSettings(report_directory=tmp_path / "reports", baseline_directory=tmp_path / "baselines")
    return msgspec.structs.replace(conclude(record, settings), findings=())


@pytest.mark.parametrize("policy", ["regression", "warning"])
def test_only_what_is_not_accepted_fails_a_build(result, policy):
    slower = msgspec.structs.replace(result, comparisons=(SLOWER,), suite_shift=None)
    assert exit_status(slower, policy) == 1
    accepted = msgspec.structs.replace(SLOWER, accepted="wanted")
    assert exit_status(msgspec.structs.replace(slower, comparisons=(accepted,)), policy) == 0
    assert exit_status(msgspec.structs.replace(slower, comparisons=(accepted, SLOWER)), policy) == 1


def test_a_shift_of_the_whole_suite_counts_until_it_is_accepted(result):
    moved = msgspec.structs.replace(result, comparisons=(), suite_shift=SHIFT)
    assert exit_status(moved, "regression") == 1
    taken = msgspec.structs.replace(SHIFT, accepted="new runtime")
    assert exit_status(msgspec.structs.replace(moved, suite_shift=taken), "regression") == 0


def test_a_rule_that_expired_before_the_run_is_told_in_its_result(record, tmp_path):
    settings = AuditSettings(report_directory=tmp_path / "reports", baseline_directory=tmp_path / "baselines")
    rule = AcceptedChange(benchmark="tags", reason="r", until=date(2000, 1, 1))
    told = conclude(record, settings, accepted=(rule,)).warnings
    assert any("the accepted change of tags expired on 2000-01-01" in text for text in told)
