"""The versioned document of one audit: everything the report, the exporters and later rules read."""

from __future__ import annotations

from stashbench.model.alert import Alert
from stashbench.model.base import Model
from stashbench.model.baseline import Comparison, SuiteShift
from stashbench.model.environment import Environment
from stashbench.model.finding import Finding
from stashbench.model.measurement import Measurement
from stashbench.model.quality import MachineQuality
from stashbench.model.recommendation import Recommendation
from stashbench.model.sample import ResourceUse, SamplerCost, Span, Timeline
from stashbench.model.score import Score
from stashbench.model.selftest import SelfTest
from stashbench.model.server_log import LogSource, SlowStatement
from stashbench.model.target import Target

SCHEMA_VERSION = 1


class TrendPoint(Model):
    """An earlier run of the same target: when, and how it scored."""

    timestamp: str
    run_id: str
    score: float | None


class GuideStep(Model):
    """One entry of the implementation guide, in the order to do things."""

    recommendation_id: str
    title: str
    steps: tuple[str, ...]
    validation: tuple[str, ...]
    rollback: tuple[str, ...]


class AuditResult(Model):
    """One audit from start to end. Times are RFC 3339 in UTC unless a name says seconds."""

    schema_version: int
    run_id: str
    stashbench_version: str
    started_at: str
    finished_at: str
    duration_seconds: float
    target: Target
    environment: Environment
    verdict: str
    score: Score
    measurements: tuple[Measurement, ...]
    findings: tuple[Finding, ...]
    recommendations: tuple[Recommendation, ...]
    comparisons: tuple[Comparison, ...]
    alerts: tuple[Alert, ...]
    partial: bool
    partial_reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    baseline_name: str | None = None
    baseline_reason: str = ""
    spans: tuple[Span, ...] = ()
    resources: tuple[ResourceUse, ...] = ()
    timeline: Timeline = Timeline()
    sampler_cost: SamplerCost | None = None
    trends: tuple[TrendPoint, ...] = ()
    guide: tuple[GuideStep, ...] = ()
    estimated_gain: str = ""
    settings: dict[str, str] = {}
    command: str = ""
    logged_statements: tuple[SlowStatement, ...] = ()
    log_sources: tuple[LogSource, ...] = ()
    machine: MachineQuality | None = None
    suite_shift: SuiteShift | None = None
    detection_limit: float | None = None
    seed: int | None = None
    selftest: SelfTest | None = None
