from __future__ import annotations

from collections.abc import Callable

import pytest

from stashbench.model.baseline import Baseline
from stashbench.model.environment import Environment
from stashbench.model.finding import CheckCategory, Finding, Outcome, Severity
from stashbench.model.measurement import Measurement, MeasurementOutcome, Statistics
from stashbench.model.result import SCHEMA_VERSION, AuditResult
from stashbench.model.sample import ResourceUse, Series, Timeline
from stashbench.model.score import Band, CategoryScore, Score
from stashbench.model.target import LibrarySize, Target, TargetKind


@pytest.fixture
def environment() -> Environment:
    return Environment(
        fingerprint="f" * 16,
        os="Linux",
        kernel="6.1.0",
        architecture="x86_64",
        cpu_model="Processor",
        cpu_count=2,
        python_version="3.11.7",
    )


@pytest.fixture
def target() -> Target:
    return Target(
        kind=TargetKind.ATTACHED,
        url="http://stash.local:9999",
        server_version="v0.30.1",
        schema_version=75,
        library=LibrarySize(scene_count=1000),
    )


def measurement_of(name: str, median: float | None = 0.1) -> Measurement:
    if median is None:
        return Measurement(
            id=name, nodeid="", title="", group="", page="", outcome=MeasurementOutcome.FAILED, reason="refused"
        )
    numbers = Statistics(
        count=3,
        median_seconds=median,
        median_ci_low_seconds=median * 0.9,
        median_ci_high_seconds=median * 1.1,
        mean_seconds=median,
        stddev_seconds=0.0,
        minimum_seconds=median,
        maximum_seconds=median,
        q10_seconds=median,
        q25_seconds=median,
        q75_seconds=median,
        p95_seconds=median,
        outlier_count=0,
    )
    return Measurement(
        id=name,
        nodeid=f"suites/{name}.py::test",
        title=name.title(),
        group="api",
        page="Scenes",
        outcome=MeasurementOutcome.OK,
        rounds_seconds=(median,) * 3,
        statistics=numbers,
        resources=ResourceUse(span_id=name, duration_seconds=1.0, cpu_seconds=0.5, peak_rss_bytes=1 << 20),
    )


def finding_of(name: str, severity: Severity = Severity.WARNING, outcome: Outcome = Outcome.FAILED) -> Finding:
    return Finding(
        id=name,
        title=name,
        category=CheckCategory.API,
        outcome=outcome,
        severity=severity,
        message="",
        value=3.0,
        unit="s",
    )


@pytest.fixture
def make_result(environment, target) -> Callable[..., AuditResult]:
    def make(run_id: str = "run-1", **changes: object) -> AuditResult:
        values: dict[str, object] = {
            "schema_version": SCHEMA_VERSION,
            "run_id": run_id,
            "stashbench_version": "0.1.0",
            "started_at": "2026-01-01T00:00:00Z",
            "finished_at": "2026-01-01T00:01:00Z",
            "duration_seconds": 60.0,
            "target": target,
            "environment": environment,
            "verdict": "The server is fair: one check failed.",
            "score": Score(
                overall=71.5,
                band=Band.FAIR,
                categories=(CategoryScore(name="api", score=71.5, band=Band.FAIR),),
            ),
            "measurements": (measurement_of("scenes-page"), measurement_of("stats", 0.02)),
            "findings": (finding_of("slow-page"), finding_of("bad", Severity.CRITICAL)),
            "recommendations": (),
            "comparisons": (),
            "alerts": (),
            "partial": False,
            "timeline": Timeline(
                times_seconds=(0.0, 0.1, 0.2),
                series=(Series(name="process_rss_bytes", unit="bytes", values=(None, 100.0, 300.0)),),
            ),
        }
        return AuditResult(**{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_baseline(environment, target) -> Callable[..., Baseline]:
    def make(name: str = "good", **changes: object) -> Baseline:
        values: dict[str, object] = {
            "schema_version": 1,
            "name": name,
            "created_at": "2026-01-01T00:00:00Z",
            "run_id": "run-1",
            "environment": environment,
            "target": target,
            "measurements": (measurement_of("scenes-page"),),
        }
        return Baseline(**{**values, **changes})  # type: ignore[arg-type]

    return make


@pytest.fixture
def make_measurement() -> Callable[..., Measurement]:
    return measurement_of


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    return finding_of
