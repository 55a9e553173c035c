from __future__ import annotations

import pytest

from stashbench.model.environment import Environment
from stashbench.model.finding import CheckCategory, Evidence, Finding, Outcome, Severity
from stashbench.model.target import Target, TargetKind
from stashbench.recommend.facts import Facts

TARGET = Target(kind=TargetKind.EMBEDDED, url="http://127.0.0.1:1", server_version="v0.30.1")
ENVIRONMENT = Environment(fingerprint="f", os="Linux", kernel="6", architecture="x", cpu_model="c", cpu_count=2)


def _finding(
    check_id, *, outcome=Outcome.FAILED, severity=Severity.WARNING, value=1.0, message="Seen.", unit="", **evidence
):
    return Finding(
        id=check_id,
        title=check_id.replace("-", " "),
        category=CheckCategory.DATABASE,
        outcome=outcome,
        severity=severity,
        message=message,
        value=value,
        unit=unit,
        evidence=tuple(Evidence(name=name, value=item) for name, item in evidence.items()),
    )


def _facts(*findings, measurements=(), comparisons=(), target=TARGET):
    return Facts(
        target=target,
        environment=ENVIRONMENT,
        findings=tuple(findings),
        measurements=tuple(measurements),
        comparisons=tuple(comparisons),
    )


@pytest.fixture(scope="session")
def make_finding():
    return _finding


@pytest.fixture(scope="session")
def make_facts():
    return _facts
