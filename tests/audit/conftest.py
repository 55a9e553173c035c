"""Small results and records, real in every field the tests look at."""

from __future__ import annotations

import pytest

from stashbench.audit import RunRecord
from stashbench.model.baseline import Comparison
from stashbench.model.environment import Environment
from stashbench.model.finding import CheckCategory, Finding, Outcome, Severity
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.result import AuditResult
from stashbench.model.sample import Span, SpanKind
from stashbench.model.score import Band, Score
from stashbench.model.target import Target, TargetKind

ENVIRONMENT = Environment(
    fingerprint="0123456789abcdef", os="Linux", kernel="6.1", architecture="x86_64", cpu_model="cpu", cpu_count=2
)
TARGET = Target(kind=TargetKind.ATTACHED, url="http://127.0.0.1:9999", server_version="v0.30.1")


def finding(outcome=Outcome.PASSED, severity=Severity.WARNING, name="check"):
    return Finding(
        id=name, title=name, category=CheckCategory.API, outcome=outcome, severity=severity, message=f"{name} said so"
    )


def measurement(name="scenes-by-date", rounds=(0.010, 0.011, 0.012, 0.010, 0.011, 0.013)):
    from stashbench.analyse.statistics import summarise

    return Measurement(
        id=name,
        nodeid=f"benchmarks/bench_scenes.py::bench_{name}",
        title=name,
        group="scenes",
        page="Scenes",
        outcome=MeasurementOutcome.OK,
        rounds_seconds=rounds,
        statistics=summarise(rounds),
        definition_hash="d" * 16,
    )


@pytest.fixture
def make_result():
    def make(findings=(), verdicts=(), run_id="20260102T030405Z-abcd"):
        return AuditResult(
            schema_version=1,
            run_id=run_id,
            stashbench_version="0.1.0",
            started_at="2026-01-02T03:04:05.000Z",
            finished_at="2026-01-02T03:05:05.000Z",
            duration_seconds=60.0,
            target=TARGET,
            environment=ENVIRONMENT,
            verdict="Healthy",
            score=Score(overall=95.0, band=Band.GOOD),
            measurements=(measurement(),),
            findings=tuple(finding(*pair, name=f"check-{n}") for n, pair in enumerate(findings)),
            recommendations=(),
            comparisons=tuple(
                Comparison(benchmark_id=str(n), baseline_name="b", verdict=verdict, reason="r")
                for n, verdict in enumerate(verdicts)
            ),
            alerts=(),
            partial=False,
        )

    return make


@pytest.fixture
def record():
    return RunRecord(
        run_id="20260102T030405Z-abcd",
        started_at="2026-01-02T03:04:05.000Z",
        target=TARGET,
        environment=ENVIRONMENT,
        measurements=[measurement()],
        findings=[finding(Outcome.PASSED), finding(Outcome.FAILED, Severity.WARNING, "slow-page")],
        spans=[Span(id="a", label="a", kind=SpanKind.BENCHMARK, begin_seconds=0.5, end_seconds=2.5)],
    )
