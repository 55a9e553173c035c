"""Audit results for the tests of reports and exports: rich, hostile, partial, empty; no clock, no chance."""

from __future__ import annotations

import random

import msgspec

from stashbench.model.finding import Outcome
from stashbench.model.quality import MachineQuality
from stashbench.model.result import SCHEMA_VERSION, AuditResult, GuideStep, TrendPoint
from stashbench.model.sample import SamplerCost, Series, Timeline
from stashbench.model.score import Band, Score

from .advice import recommendations
from .changes import SUITE, with_looks, with_sessions
from .facts import alerts, environment, score, target
from .findings import findings
from .measurements import BENCHMARKS, comparisons, measurement, unusable
from .poison import poison as poison
from .statements import logged, sources, with_changes, with_statements
from .texts import HOSTILE
from .timeline import spans_of, timeline_of, use_of


def build_sample() -> AuditResult:
    """Return the rich result: every part of the report has something to show, hostile text included."""
    chance = random.Random(7)
    measurements = tuple(measurement(index, chance) for index in range(len(BENCHMARKS))) + unusable()
    spans = spans_of(measurements)
    end = spans[-1].end_seconds + 0.4
    uses = {span.id: use_of(span, chance) for span in spans}
    measurements = tuple(msgspec.structs.replace(item, resources=uses.get(item.nodeid)) for item in measurements)
    measurements = with_looks(with_statements(measurements))
    return AuditResult(
        schema_version=SCHEMA_VERSION,
        run_id="2026-03-01T10-15-00Z-3f9a",
        stashbench_version="0.1.0",
        started_at="2026-03-01T10:15:00Z",
        finished_at="2026-03-01T10:17:06Z",
        duration_seconds=126.4,
        target=target(),
        environment=environment(),
        verdict="Needs attention: 2 critical and 3 warning findings; 2 of 31 benchmarks are slower than the baseline.",
        score=score(),
        measurements=measurements,
        findings=findings(),
        recommendations=recommendations(),
        comparisons=with_changes(with_sessions(comparisons(measurements), measurements)),
        suite_shift=SUITE,
        detection_limit=1.12,
        alerts=alerts(),
        partial=False,
        warnings=("The machine was busy before the audit began: load 1.9 on 2 cores.",),
        baseline_name="nightly <i>main</i>",
        baseline_reason="newest baseline of the same machine and library size",
        spans=spans,
        resources=tuple(uses.values()),
        timeline=timeline_of(end, spans, chance),
        sampler_cost=SamplerCost(
            cpu_seconds=0.61,
            peak_rss_bytes=12_058_624,
            tick_count=1264,
            missed_tick_count=0,
            lateness_p99_seconds=0.00041,
            duration_seconds=126.4,
        ),
        trends=(
            TrendPoint(timestamp="2026-02-26T10:15:00Z", run_id="a", score=74.0),
            TrendPoint(timestamp="2026-02-27T10:15:00Z", run_id="b", score=73.0),
            TrendPoint(timestamp="2026-02-28T10:15:00Z", run_id="c", score=None),
            TrendPoint(timestamp="2026-03-01T02:15:00Z", run_id="d", score=71.5),
        ),
        machine=MachineQuality(
            load_1m_before=1.9,
            load_1m_after=2.4,
            steal_percent=0.4,
            foreign_cores=1.52,
            cpu_pressure_percent=91.2,
            io_pressure_percent=0.3,
            memory_pressure_percent=0.0,
            swapped_bytes=0,
            involuntary_switches_per_second=41.0,
            watched_seconds=38.5,
            waited_seconds=60.2,
            not_measured=("throttling: no control group here tells it",),
            unfit_reasons=("other programs kept 1.5 of 2 cores busy (limit 1.3)",),
        ),
        guide=tuple(
            GuideStep(
                recommendation_id=item.id,
                title=item.title,
                steps=item.implementation.steps,
                validation=item.validation.tests,
                rollback=item.rollback.steps,
            )
            for item in sorted(recommendations(), key=lambda item: item.id != "refresh-statistics")
        ),
        estimated_gain="About 40 % less waiting on the Scenes page, measured on a copy.",
        settings={
            "target.kind": "embedded (default)",
            "audit.rounds": "20 (default)",
            "checks.slow-page.warning": "0.2 (stashbench.toml)",
            "audit.fail_on": f"never {HOSTILE}",
        },
        command="stashbench audit --stash-library 100000",
        logged_statements=logged(),
        log_sources=sources(),
    )


def build_partial() -> AuditResult:
    """Return an audit that was cut short: no score, no baseline, no timeline, no process."""
    sample = build_sample()
    return msgspec.structs.replace(
        sample,
        verdict="Incomplete: the audit was stopped after 4 of 31 benchmarks.",
        score=Score(overall=None, band=Band.UNKNOWN, reason="only 4 of 31 benchmarks ran before the audit was stopped"),
        measurements=sample.measurements[:4],
        findings=sample.findings[-3:],
        recommendations=(),
        comparisons=(),
        suite_shift=None,
        detection_limit=None,
        alerts=(),
        partial=True,
        partial_reasons=("Stopped by the user (Ctrl-C) after 12 s.", f"Not run: bench_tags {HOSTILE}"),
        baseline_name=None,
        baseline_reason="no baseline matches this machine; save one with `stashbench baseline save`",
        spans=(),
        resources=(),
        timeline=Timeline(),
        sampler_cost=None,
        trends=(),
        guide=(),
        estimated_gain="",
        settings={},
        warnings=(),
    )


def build_healthy() -> AuditResult:
    """Return an audit that found nothing wrong."""
    sample = build_sample()
    passed = tuple(item for item in sample.findings if item.outcome is Outcome.PASSED)
    return msgspec.structs.replace(
        sample,
        verdict="Healthy: all checks passed.",
        score=Score(overall=96.0, band=Band.GOOD, low=94.0, high=97.0, categories=()),
        findings=passed,
        recommendations=(),
        comparisons=(),
        suite_shift=None,
        detection_limit=None,
        alerts=(),
        warnings=(),
        baseline_name=None,
        baseline_reason="",
        guide=(),
        estimated_gain="",
    )


def build_empty() -> AuditResult:
    """Return the least an audit can be: nothing was measured."""
    return msgspec.structs.replace(
        build_partial(), measurements=(), findings=(), partial_reasons=(), settings={}, command="", baseline_reason=""
    )


def build_long() -> AuditResult:
    """Return an audit of five minutes with all series of the sampler and 35 benchmarks, for the size budget."""
    chance = random.Random(11)
    sample = build_sample()
    times = tuple(round(index * 0.1, 1) for index in range(3000))
    names = (
        ("process_cpu_percent", "%"),
        ("process_rss_bytes", "bytes"),
        ("process_read_bytes_per_second", "bytes/s"),
        ("process_written_bytes_per_second", "bytes/s"),
        ("process_thread_count", "count"),
        ("process_descriptor_count", "count"),
        ("host_cpu_percent", "%"),
        ("host_memory_used_bytes", "bytes"),
        ("host_disk_read_bytes_per_second", "bytes/s"),
        ("host_load_1m", ""),
        ("host_pressure_io_some_percent", "%"),
        ("host_steal_percent", "%"),
    )
    series = tuple(
        Series(name=name, unit=unit, values=tuple(round(chance.random() * 1e6) for _ in times)) for name, unit in names
    )
    more = tuple(
        msgspec.structs.replace(item, id=f"{item.id}-again", title=f"{item.title}, again")
        for item in sample.measurements[2:6]
    )
    return msgspec.structs.replace(
        sample,
        measurements=sample.measurements + more,
        timeline=Timeline(times_seconds=times, series=series, source="/proc"),
    )


def build_document() -> AuditResult:
    """Return the rich result with few samples: small enough to be kept as a document of this format."""
    sample = build_sample()
    line = sample.timeline
    series = tuple(msgspec.structs.replace(item, values=item.values[:40]) for item in line.series)
    return msgspec.structs.replace(
        sample, timeline=msgspec.structs.replace(line, times_seconds=line.times_seconds[:40], series=series)
    )
