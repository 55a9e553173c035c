from __future__ import annotations

import pytest

from stashbench.analyse.statistics import summarise
from stashbench.model.baseline import Baseline
from stashbench.model.environment import Environment
from stashbench.model.finding import CheckCategory, Finding, Outcome, Severity, Threshold
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.target import Target, TargetKind


def _finding(
    check_id="some-check",
    outcome=Outcome.FAILED,
    severity=Severity.WARNING,
    category=CheckCategory.DATABASE,
    message="something is off",
    critical=None,
):
    return Finding(
        id=check_id,
        title=check_id,
        category=category,
        outcome=outcome,
        severity=severity,
        message=message,
        threshold=Threshold(warning=1.0, critical=critical, unit=""),
    )


def _measurement(
    benchmark_id="bench",
    rounds=(0.1,) * 10,
    outcome=MeasurementOutcome.OK,
    definition_hash="d1",
    reason="",
    resources=None,
):
    return Measurement(
        id=benchmark_id,
        nodeid=f"suites/{benchmark_id}",
        title=benchmark_id,
        group="g",
        page="p",
        outcome=outcome,
        reason=reason,
        rounds_seconds=tuple(rounds),
        statistics=summarise(rounds) if rounds else None,
        definition_hash=definition_hash,
        resources=resources,
    )


def _baseline(*measurements, name="base"):
    return Baseline(
        schema_version=1,
        name=name,
        created_at="2026-01-01T00:00:00Z",
        run_id="r0",
        environment=Environment(fingerprint="f", os="Linux", kernel="6", architecture="x", cpu_model="c", cpu_count=2),
        target=Target(kind=TargetKind.EMBEDDED, url="http://127.0.0.1:1"),
        measurements=tuple(measurements),
    )


@pytest.fixture(scope="session")
def make_finding():
    return _finding


@pytest.fixture(scope="session")
def make_measurement():
    return _measurement


@pytest.fixture(scope="session")
def make_baseline():
    return _baseline
