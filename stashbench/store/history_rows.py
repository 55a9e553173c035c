"""Which numbers of a result the history keeps, as rows."""

from __future__ import annotations

from statistics import fmean
from typing import TypeAlias

import msgspec

from stashbench.model.finding import Finding, Outcome, Severity
from stashbench.model.measurement import Measurement
from stashbench.model.result import AuditResult
from stashbench.model.sample import Series
from stashbench.model.target import LibrarySize
from stashbench.model.trend import Circumstances
from stashbench.store.history_keys import trend_key

Row: TypeAlias = dict[str, object]

_COUNT = "_count"


def run_row(result: AuditResult, target_key: str) -> Row:
    """Return the row of the run itself."""
    target = result.target
    failed = [finding.severity for finding in result.findings if finding.outcome is Outcome.FAILED]
    return {
        "run_id": result.run_id,
        "started_at": result.started_at,
        "duration_seconds": result.duration_seconds,
        "target_key": target_key,
        "target_url": target.url,
        "server_version": target.server_version,
        "schema_version": target.schema_version,
        "scene_count": target.library.scene_count,
        "fingerprint": result.environment.fingerprint,
        "stashbench_version": result.stashbench_version,
        "score": result.score.overall,
        "band": str(result.score.band),
        "is_partial": result.partial,
        "critical_count": failed.count(Severity.CRITICAL),
        "warning_count": failed.count(Severity.WARNING),
        "trend_key": trend_key(target),
        "circumstances": msgspec.json.encode(circumstances_of(result)).decode(),
        "is_unfit": bool(result.machine and result.machine.unfit_reasons),
    }


def circumstances_of(result: AuditResult) -> Circumstances:
    """Return what of a run may explain its times."""
    target, environment = result.target, result.environment
    return Circumstances(
        server_version=target.server_version,
        program_sha256=target.program_sha256,
        schema_version=target.schema_version,
        library=_counts(target.library),
        settings=target.speed_settings,
        faults=target.faults,
        fingerprint=environment.fingerprint,
        machine=environment.hard_facts or {"cpu_model": environment.cpu_model, "kernel": environment.kernel},
        stashbench_version=result.stashbench_version,
    )


def child_rows(result: AuditResult, run: int) -> dict[str, list[Row]]:
    """Return the rows that belong to the run, by table. Of ids that occur twice the last counts."""
    measurements = {item.id: _measurement_row(item, run) for item in result.measurements}
    findings = {item.id: _finding_row(item, run) for item in result.findings}
    scores: dict[str, Row] = {
        item.name: {"run": run, "category": item.name, "score": item.score, "band": str(item.band)}
        for item in result.score.categories
    }
    series = {item.name: _series_row(item, run) for item in result.timeline.series if _known(item)}
    return {
        "measurements": list(measurements.values()),
        "findings": list(findings.values()),
        "scores": list(scores.values()),
        "series": list(series.values()),
    }


def _measurement_row(item: Measurement, run: int) -> Row:
    numbers = item.statistics
    use = item.resources
    return {
        "run": run,
        "benchmark_id": item.id,
        "title": item.title,
        "definition_hash": item.definition_hash,
        "outcome": str(item.outcome),
        "round_count": len(item.rounds_seconds),
        "median_seconds": numbers.median_seconds if numbers else None,
        "ci_low_seconds": numbers.median_ci_low_seconds if numbers else None,
        "ci_high_seconds": numbers.median_ci_high_seconds if numbers else None,
        "q10_seconds": numbers.q10_seconds if numbers else None,
        "p95_seconds": numbers.p95_seconds if numbers else None,
        "cpu_seconds": use.cpu_seconds if use else None,
        "peak_rss_bytes": use.peak_rss_bytes if use else None,
    }


def _finding_row(item: Finding, run: int) -> Row:
    return {
        "run": run,
        "finding_id": item.id,
        "outcome": str(item.outcome),
        "severity": str(item.severity),
        "value": item.value,
        "unit": item.unit,
    }


def _series_row(item: Series, run: int) -> Row:
    values = _known(item)
    return {
        "run": run,
        "name": item.name,
        "unit": item.unit,
        "minimum": min(values),
        "mean": fmean(values),
        "maximum": max(values),
        "sample_count": len(values),
    }


def _known(item: Series) -> list[float]:
    return [value for value in item.values if value is not None]


def _counts(library: LibrarySize) -> dict[str, int]:
    """Return the counts of a library by noun."""
    counts = msgspec.structs.asdict(library)
    return {
        field.removesuffix(_COUNT): value
        for field, value in counts.items()
        if field.endswith(_COUNT) and value is not None
    }
