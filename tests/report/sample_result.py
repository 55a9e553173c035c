"""Builds audit results for the tests of reports and exports: rich, hostile, partial, empty; no clock, no chance."""

from __future__ import annotations

import math
import random

import msgspec

from stashbench.model.alert import Alert
from stashbench.model.base import Word
from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.environment import Environment
from stashbench.model.finding import CheckCategory, Evidence, Finding, Outcome, Severity, Threshold
from stashbench.model.measurement import Measurement, MeasurementOutcome, Statistics
from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Priority,
    Proof,
    Recommendation,
    RecommendationCategory,
    Rollback,
    Validation,
)
from stashbench.model.result import SCHEMA_VERSION, AuditResult, GuideStep, TrendPoint
from stashbench.model.sample import ResourceUse, SamplerCost, Series, Span, SpanKind, Timeline
from stashbench.model.score import Band, CategoryScore, Score
from stashbench.model.target import Facility, LibrarySize, Reach, Target, TargetKind

HOSTILE = "</script><img src=x onerror=alert(1)>"
HOSTILE_SQL = "SELECT '<b>' || \"a\" FROM t WHERE x LIKE '%]]>&amp;%' -- \x1b[31m\u202egnp.exe\x00"

# Group, page, title, and median in milliseconds.
BENCHMARKS = (
    ("Server", "Any", "Latency floor (systemStatus)", 0.42),
    ("Server", "Statistics", "Library statistics", 59.0),
    ("Scenes", "Scenes", "First page by date", 58.0),
    ("Scenes", "Scenes", "First page by title", 74.0),
    ("Scenes", "Scenes", "First page by path", 165.0),
    ("Scenes", "Scenes", "First page by rating", 61.0),
    ("Scenes", "Scenes", "First page by file size", 77.0),
    ("Scenes", "Scenes", "Deep page (page 500)", 148.0),
    ("Scenes", "Scenes", "Random order", 92.0),
    ("Scenes", "Scene", "Scene detail with all relations", 9.1),
    ("Search", "Scenes", "Text search, hit", 136.0),
    ("Search", "Scenes", "Text search, miss", 119.0),
    ("Filters", "Scenes", "Tag with all sub-tags", 1030.0),
    ("Filters", "Scenes", "Performer", 31.0),
    ("Filters", "Scenes", "Studio", 28.0),
    ("Filters", "Scenes", "Date range", 55.0),
    ("Filters", "Scenes", "Rating at least 4", 47.0),
    ("Filters", "Scenes", "Path includes a word", 412.0),
    ("Filters", "Scenes", "Resolution 1080p", 233.0),
    ("Filters", "Scenes", "Tag, studio and date combined", 301.0),
    ("Images", "Images", "Images with totals", 612.0),
    ("Images", "Images", "Images without totals", 48.0),
    ("Lists", "Performers", "Performers with counts", 3.4),
    ("Lists", "Tags", "Tags with counts", 115.0),
    ("Lists", "Studios", "Studios with counts", 22.0),
    ("Lists", "Galleries", "Galleries", 18.0),
    ("Lists", "Groups", "Groups", 7.5),
    ("Lists", "Markers", "Markers", 26.0),
    ("Duplicates", "Duplicate checker", "Exact duplicates", 765.0),
    ("Duplicates", "Duplicate checker", "Near duplicates (distance 4)", 4210.0),
    ("Media", "Scenes", "Thumbnails of one page", 14.2),
)


def build_sample() -> AuditResult:
    """Return the rich result: every part of the report has something to show, hostile text included."""
    chance = random.Random(7)
    measurements = tuple(_measurement(index, chance) for index in range(len(BENCHMARKS))) + _unusable()
    spans = _spans(measurements)
    end = spans[-1].end_seconds + 0.4
    return AuditResult(
        schema_version=SCHEMA_VERSION,
        run_id="2026-03-01T10-15-00Z-3f9a",
        stashbench_version="0.1.0",
        started_at="2026-03-01T10:15:00Z",
        finished_at="2026-03-01T10:17:06Z",
        duration_seconds=126.4,
        target=_target(),
        environment=_environment(),
        verdict="Needs attention: 2 critical and 3 warning findings; 2 of 31 benchmarks are slower than the baseline.",
        score=_score(),
        measurements=measurements,
        findings=_findings(),
        recommendations=_recommendations(),
        comparisons=_comparisons(measurements),
        alerts=_alerts(),
        partial=False,
        warnings=("The machine was busy before the audit began: load 1.9 on 2 cores.",),
        baseline_name="nightly <i>main</i>",
        baseline_reason="newest baseline of the same machine and library size",
        spans=spans,
        resources=tuple(_use(span, chance) for span in spans),
        timeline=_timeline(end, spans, chance),
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
        guide=tuple(
            GuideStep(
                recommendation_id=item.id,
                title=item.title,
                steps=item.implementation.steps,
                validation=item.validation.tests,
                rollback=item.rollback.steps,
            )
            for item in _recommendations()
        ),
        estimated_gain="About 40 % less waiting on the Scenes page, measured on a copy.",
        settings={
            "target.kind": "embedded (default)",
            "audit.rounds": "20 (default)",
            "checks.slow-page.warning": "0.2 (stashbench.toml)",
            "audit.fail_on": f"never {HOSTILE}",
        },
        command="stashbench audit --stash-library 100000",
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


def _statistics(rounds: tuple[float, ...]) -> Statistics:
    ordered = sorted(rounds)
    size = len(ordered)
    mean = sum(ordered) / size
    middle = ordered[size // 2]
    return Statistics(
        count=size,
        median_seconds=middle,
        median_ci_low_seconds=ordered[max(0, size // 2 - 3)],
        median_ci_high_seconds=ordered[min(size - 1, size // 2 + 3)],
        mean_seconds=mean,
        stddev_seconds=math.sqrt(sum((value - mean) ** 2 for value in ordered) / (size - 1)),
        minimum_seconds=ordered[0],
        maximum_seconds=ordered[-1],
        q10_seconds=ordered[size // 10],
        q25_seconds=ordered[size // 4],
        q75_seconds=ordered[3 * size // 4],
        p95_seconds=ordered[int(size * 0.95)],
        outlier_count=sum(value > 1.5 * middle for value in ordered),
    )


def _measurement(index: int, chance: random.Random) -> Measurement:
    group, page, title, median_ms = BENCHMARKS[index]
    size = 200 if median_ms < 1 else 20
    rounds = tuple(
        round(median_ms / 1000 * (1 + chance.gauss(0, 0.03) + (chance.random() ** 6) * 0.5), 7) for _ in range(size)
    )
    identifier = f"bench-{index:02}"
    return Measurement(
        id=identifier,
        nodeid=f"suites/benchmarks/bench_{group.lower()}.py::test_{index}",
        title=title if index != 9 else f"Scene detail of “{HOSTILE}”",
        group=group,
        page=page,
        outcome=MeasurementOutcome.OK,
        operation="FindScenes",
        rounds_seconds=rounds,
        warmup_count=2,
        response_bytes=int(1800 + median_ms * 700),
        row_count=40,
        client_floor_seconds=0.00009,
        statistics=_statistics(rounds),
        resources=None,
        definition_hash="abc123",
    )


def _unusable() -> tuple[Measurement, ...]:
    return (
        Measurement(
            id="bench-failed",
            nodeid="suites/benchmarks/bench_groups.py::test_sub_groups",
            title="Groups with sub-groups",
            group="Lists",
            page="Groups",
            outcome=MeasurementOutcome.FAILED,
            reason="The server answered with an error: no such column: groups.parent <script>alert(2)</script>",
        ),
        Measurement(
            id="bench-not-offered",
            nodeid="suites/benchmarks/bench_images.py::test_folders",
            title="Folders",
            group="Images",
            page="Images",
            outcome=MeasurementOutcome.NOT_OFFERED,
            reason="This server's API has no query findFolders (it came with v0.29).",
        ),
    )


def _spans(measurements: tuple[Measurement, ...]) -> tuple[Span, ...]:
    spans: list[Span] = []
    clock = 1.2
    for item in measurements:
        if item.statistics is None:
            continue
        length = 1.0 + min(sum(item.rounds_seconds), 12.0)
        spans.append(
            Span(id=item.id, label=item.title, kind=SpanKind.BENCHMARK, begin_seconds=clock, end_seconds=clock + length)
        )
        clock += length + 0.2
    for label in ("Database file", "Configuration", "Process over time", HOSTILE):
        spans.append(Span(id=label, label=label, kind=SpanKind.AUDIT, begin_seconds=clock, end_seconds=clock + 1.1))
        clock += 1.3
    return tuple(spans)


def _use(span: Span, chance: random.Random) -> ResourceUse:
    length = span.end_seconds - span.begin_seconds
    return ResourceUse(
        span_id=span.id,
        duration_seconds=length,
        cpu_seconds=round(length * chance.uniform(0.4, 1.4), 3),
        peak_rss_bytes=int(180e6 + chance.random() * 90e6),
        is_peak_exact=True,
        rss_begin_bytes=180_000_000,
        rss_end_bytes=190_000_000,
        read_bytes=int(chance.random() ** 4 * 4e7),
        written_bytes=0,
        thread_count_max=14,
        descriptor_count_max=41,
        process_count_max=1,
        host_cpu_percent_mean=61.0,
        sample_count=int(length * 10),
    )


def _timeline(end: float, spans: tuple[Span, ...], chance: random.Random) -> Timeline:
    times = tuple(round(index * 0.1, 1) for index in range(int(end * 10)))
    busy = [any(span.begin_seconds <= time <= span.end_seconds for span in spans) for time in times]
    cpu = tuple(round(max(0.0, chance.gauss(96 if active else 3, 14)), 1) for active in busy)
    gap = range(300, 340)
    return Timeline(
        times_seconds=times,
        series=(
            Series(name="process_cpu_percent", unit="percent", values=cpu),
            Series(
                name="process_rss_bytes",
                unit="bytes",
                values=tuple(
                    None if index in gap else int(182e6 + 60e6 * (1 - math.exp(-index / 400)) + chance.gauss(0, 1e6))
                    for index in range(len(times))
                ),
            ),
            Series(
                name="process_read_bytes_per_second",
                unit="bytes/s",
                values=tuple(round(chance.random() ** 20 * 8e7) for _ in times),
            ),
            Series(name="process_written_bytes_per_second", unit="bytes/s", values=tuple(0 for _ in times)),
            Series(
                name="process_descriptor_count",
                unit="count",
                values=tuple(38 + int(active) * 3 for active in busy),
            ),
            Series(
                name="host_cpu_percent",
                unit="percent",
                values=tuple(round(min(100.0, value / 2 + chance.random() * 12), 1) for value in cpu),
            ),
            Series(name="host_pressure_io_percent", unit="percent", values=tuple(None for _ in times)),
            Series(
                name=f"plugin_{HOSTILE}", unit="<u>", values=tuple(float(index % 50) for index in range(len(times)))
            ),
        ),
        source="/proc",
        interval_seconds=0.1,
    )


def _score() -> Score:
    return Score(
        overall=68.0,
        band=Band.FAIR,
        low=61.0,
        high=72.0,
        categories=(
            CategoryScore(
                name="api", score=74.0, band=Band.FAIR, passed_count=5, failed_count=2, issues=("slow-page",)
            ),
            CategoryScore(name="database", score=41.0, band=Band.POOR, passed_count=2, failed_count=2),
            CategoryScore(name="system", score=92.0, band=Band.GOOD, passed_count=4),
            CategoryScore(name="configuration", score=80.0, band=Band.FAIR, passed_count=2, failed_count=1),
            CategoryScore(
                name="storage",
                score=None,
                band=Band.UNKNOWN,
                unknown_count=2,
                reason="the database file is not readable",
            ),
        ),
    )


def _target() -> Target:
    return Target(
        kind=TargetKind.EMBEDDED,
        url="http://127.0.0.1:41357",
        server_version="v0.30.1",
        server_build="embedded <b>stand-in</b>",
        schema_version=75,
        app_schema_version=75,
        pid=4711,
        database_path="/tmp/stashbench-x1/library & <notes>.sqlite",
        database_bytes=1_204_224_000,
        library=LibrarySize(
            scene_count=100_000,
            image_count=250_000,
            gallery_count=5_000,
            performer_count=8_000,
            studio_count=900,
            tag_count=2_400,
            group_count=1_100,
            scenes_bytes=61_000_000_000_000,
            images_bytes=None,
        ),
        reaches=(
            Reach(facility=Facility.API, is_available=True, reason="answers in 0.4 ms"),
            Reach(facility=Facility.PROCESS, is_available=True, reason="process 4711 of the same user"),
            Reach(facility=Facility.DATABASE_FILE, is_available=True, reason="readable"),
            Reach(facility=Facility.SQL_LOG, is_available=False, reason="the log subscription was refused: <b>401</b>"),
            Reach(facility=Facility.MEDIA, is_available=False, reason="the embedded library has no media files"),
        ),
    )


def _environment() -> Environment:
    return Environment(
        fingerprint="9c1f03ab44d27e10",
        os="Debian GNU/Linux 12",
        kernel="6.1.0-18-amd64",
        architecture="x86_64",
        cpu_model="AMD EPYC 7763 64-Core Processor",
        cpu_count=2,
        memory_bytes=25_769_803_776,
        virtualisation="kvm",
        python_version="3.11.7",
        python_implementation="CPython",
        sqlite_version="3.51.1",
        stashbench_version="0.1.0",
        packages={"pytest": "8.4.2", "pytest-benchmark": "5.1.0", "apsw": "3.51.1.0"},
        hostname_hash="b1946ac9",
        load_1m_before=1.9,
        cpu_steal_percent=0.3,
        disk_model=HOSTILE,
        disk_is_rotational=False,
        filesystem="ext4",
        warnings=("CPU frequency scaling is on; times may wander by some percent.",),
    )


def _findings() -> tuple[Finding, ...]:
    slow = tuple(
        {
            "sql": HOSTILE_SQL if index == 0 else f"SELECT COUNT(*) FROM scenes_tags WHERE tag_id IN (?) -- {index}",
            "count": 40 * index + 1,
            "seconds": 0.42 / (index + 1),
            "is_full_scan": index < 2,
            "index_name": None if index < 2 else "index_scenes_tags_on_tag_id",
        }
        for index in range(6)
    )
    limit = Threshold(warning=0.2, critical=1.0, unit="seconds", source="stashbench.toml")
    return (
        Finding(
            id="missing-index",
            title="Stash's own index is missing",
            category=CheckCategory.DATABASE,
            outcome=Outcome.FAILED,
            severity=Severity.CRITICAL,
            message="2 of 68 indexes of schema 75 are not in the database.",
            value=2.0,
            unit="count",
            threshold=Threshold(warning=1, critical=2, unit="count"),
            evidence=(
                Evidence(
                    name="missing_index_names",
                    value="index_scenes_tags_on_tag_id, index_performers_scenes_on_performer_id",
                ),
                Evidence(name="index_count", value=66),
                Evidence(name="database_bytes", value=1_204_224_000, unit="bytes"),
            ),
            confidence="certain",
            nodeid="suites/audits/audit_indexes.py::test_missing_index",
        ),
        Finding(
            id="slow-page",
            title="A page takes longer than people wait",
            category=CheckCategory.API,
            outcome=Outcome.FAILED,
            severity=Severity.CRITICAL,
            message=f"Scenes filtered by tag with sub-tags takes 1.03 s; the slowest scene is {HOSTILE}.",
            value=1.03,
            unit="seconds",
            threshold=limit,
            evidence=(
                Evidence(name="slowest_benchmark", value="bench-12"),
                Evidence(name="statements", value=slow),
                Evidence(name="log_line", value=f'level=warning msg="SLOW SQL [412ms]: {HOSTILE_SQL}"'),
                Evidence(name="is_cold", value=False),
                Evidence(name="never_recorded", value=None),
            ),
            nodeid="suites/audits/audit_api.py::test_slow_page",
        ),
        Finding(
            id="stale-statistics",
            title="Query statistics are old",
            category=CheckCategory.DATABASE,
            outcome=Outcome.FAILED,
            severity=Severity.WARNING,
            message="sqlite_stat1 describes 40,000 scenes; the library holds 100,000.",
            value=60.0,
            unit="percent",
            threshold=Threshold(warning=20, critical=80, unit="percent"),
        ),
        Finding(
            id="tiny-page-cache",
            title="The page cache is small for this library",
            category=CheckCategory.CONFIGURATION,
            outcome=Outcome.FAILED,
            severity=Severity.WARNING,
            message="2 MB of cache serve a database of 1.1 GiB.",
            value=0.0017,
            unit="ratio",
            threshold=Threshold(warning=0.02, critical=None, unit="ratio", is_upper=False),
        ),
        Finding(
            id="page-without-limit",
            title="Requests without a page size",
            category=CheckCategory.API,
            outcome=Outcome.FAILED,
            severity=Severity.WARNING,
            message="One request returned 100,000 rows.",
            value=100_000.0,
            unit="rows",
            threshold=Threshold(warning=1000, critical=200_000, unit="rows"),
        ),
        Finding(
            id="memory-growth",
            title="Memory does not grow with requests",
            category=CheckCategory.SYSTEM,
            outcome=Outcome.INCONCLUSIVE,
            severity=Severity.WARNING,
            message="The trend of +0.2 MiB per 1,000 requests lies within its interval of ±0.4 MiB.",
            value=209_715.2,
            unit="bytes",
            threshold=Threshold(warning=1_048_576, critical=10_485_760, unit="bytes"),
        ),
        Finding(
            id="broken-check",
            title=f"A check that broke {HOSTILE}",
            category=CheckCategory.HARNESS,
            outcome=Outcome.ERROR,
            severity=Severity.WARNING,
            message="KeyError: 'findFolders' while reading the answer.",
        ),
        Finding(
            id="wal-size",
            title="The write-ahead log is short",
            category=CheckCategory.STORAGE,
            outcome=Outcome.NOT_MEASURED,
            severity=Severity.WARNING,
            message="The database file is on another machine; run the audit there or give --stash-database.",
        ),
        Finding(
            id="network-filesystem",
            title="The database lies on a local disk",
            category=CheckCategory.STORAGE,
            outcome=Outcome.NOT_APPLICABLE,
            severity=Severity.INFO,
            message="The embedded server keeps its database in memory.",
        ),
        *(
            Finding(
                id=f"fine-{index}",
                title=title,
                category=category,
                outcome=Outcome.PASSED,
                severity=Severity.WARNING,
                message="Well within limits.",
                value=value,
                unit=unit,
                threshold=Threshold(warning=value * 4, critical=value * 10, unit=unit),
            )
            for index, (title, category, value, unit) in enumerate(
                (
                    ("The server answers an empty request at once", CheckCategory.API, 0.00042, "seconds"),
                    ("No error among 640 answers", CheckCategory.API, 0.1, "percent"),
                    ("The process keeps its descriptors", CheckCategory.SYSTEM, 41.0, "count"),
                    ("The harness costs next to nothing", CheckCategory.HARNESS, 0.48, "percent"),
                )
            )
        ),
    )


def _recommendations() -> tuple[Recommendation, ...]:
    return (
        _recommendation(
            "restore-missing-indexes",
            "Restore two indexes that Stash expects",
            RecommendationCategory.DATABASE,
            Priority.CRITICAL,
            Impact(
                performance_percent=62.0,
                complexity=2,
                basis=Basis.MEASURED,
                resources={"disk_bytes": "about 9 MiB more"},
                affected="Scenes filtered by tag; tags page",
            ),
            minutes=5,
            confidence=0.95,
            ranks=(81.0, 2.0, 38.5),
            findings=("missing-index", "slow-page"),
            proof=Proof(
                ratio=0.38,
                ci_low=0.35,
                ci_high=0.41,
                price="9.1 MiB of disk, 1.2 s to build, scans 0.4 % slower",
                was_rolled_back=True,
                description="Built both indexes on a private copy and repeated the tag filter 20 times, interleaved.",
            ),
        ),
        _recommendation(
            "raise-page-cache",
            "Give SQLite a page cache of 64 MiB",
            RecommendationCategory.CONFIGURATION,
            Priority.HIGH,
            Impact(
                performance_percent=25.0, complexity=2, basis=Basis.ESTIMATED, affected="All pages, first visits most"
            ),
            minutes=10,
            confidence=0.6,
            ranks=(40.0, 2.0, 12.0),
            findings=("tiny-page-cache",),
        ),
        _recommendation(
            f"rewrite-{HOSTILE}",
            f"Page the request behind {HOSTILE}",
            RecommendationCategory.WORKFLOW,
            Priority.MEDIUM,
            Impact(performance_percent=None, complexity=5, basis=Basis.UNKNOWN),
            minutes=180,
            confidence=0.5,
            ranks=(30.0, 5.0, 3.0),
            findings=("page-without-limit", "gone-finding"),
        ),
        _recommendation(
            "refresh-statistics",
            "Refresh the query planner's statistics",
            RecommendationCategory.DATABASE,
            Priority.LOW,
            Impact(performance_percent=None, complexity=1, basis=Basis.UNKNOWN),
            minutes=0.5,
            confidence=0.4,
            ranks=(10.0, 1.0, 4.0),
            findings=("stale-statistics",),
        ),
    )


def _recommendation(
    identifier: str,
    title: str,
    category: RecommendationCategory,
    priority: Priority,
    impact: Impact,
    *,
    minutes: float,
    confidence: float,
    ranks: tuple[float, float, float],
    findings: tuple[str, ...],
    proof: Proof | None = None,
) -> Recommendation:
    return Recommendation(
        id=identifier,
        type="index",
        category=category,
        priority=priority,
        title=title,
        description="The database lacks `index_scenes_tags_on_tag_id`, so each tag filter reads the whole link table.",
        rationale="A full scan of 640,000 rows costs 0.6 s; the index makes it a search of some hundred rows.",
        impact=impact,
        implementation=Implementation(
            steps=(
                "Stop Stash, so that nothing writes.",
                "Copy the database file to a safe place.",
                'Run `sqlite3 stash-go.sqlite "CREATE INDEX index_scenes_tags_on_tag_id ON scenes_tags (tag_id)"`.',
                "Start Stash.",
            ),
            estimated_minutes=minutes,
            requirements=("The `sqlite3` command, version 3.40 or newer", "9 MiB of free disk space"),
            risks=("A later migration of Stash may drop or recreate the index.",),
        ),
        validation=Validation(
            metrics=("Median of `Tag with all sub-tags`",),
            tests=("stashbench audit -k tags",),
            success_criteria=("The median falls below 0.5 s.",),
        ),
        rollback=Rollback(
            possible=True, steps=("Run `DROP INDEX index_scenes_tags_on_tag_id`.",), requirements=("Stash is stopped",)
        ),
        finding_ids=findings,
        measurement_ids=("bench-12", "bench-23"),
        references=(
            "https://github.com/stashapp/stash/pull/6398",
            "javascript:alert(3)",
            "SQLite manual, “Query planning”",
        ),
        confidence=confidence,
        impact_score=ranks[0],
        effort_score=ranks[1],
        rank_score=ranks[2],
        proof=proof,
    )


def _comparisons(measurements: tuple[Measurement, ...]) -> tuple[Comparison, ...]:
    ratios = {"bench-12": 1.42, "bench-23": 1.24, "bench-22": 0.31, "bench-04": 0.88, "bench-17": 1.09, "bench-29": 3.4}
    made: list[Comparison] = []
    for item in measurements:
        if item.statistics is None or item.id == "bench-30":
            continue
        ratio = ratios.get(item.id, 1.004)
        verdict, reason = Verdict.UNCHANGED, "the interval lies within ±10 %"
        if ratio > 1.2:
            verdict, reason = Verdict.REGRESSED, "the whole interval lies above the threshold of +10 %"
        elif ratio < 0.9:
            verdict, reason = Verdict.IMPROVED, "the whole interval lies below 1"
        elif ratio > 1.05:
            verdict, reason = Verdict.INCONCLUSIVE, "the interval straddles the threshold; more rounds would decide"
        made.append(
            Comparison(
                benchmark_id=item.id,
                baseline_name="nightly <i>main</i>",
                verdict=verdict,
                reason=reason,
                ratio=ratio,
                ci_low=ratio * 0.95,
                ci_high=ratio * 1.05,
                threshold_ratio=1.10,
                baseline_median_seconds=item.statistics.median_seconds / ratio,
                current_median_seconds=item.statistics.median_seconds,
            )
        )
    made.append(
        Comparison(benchmark_id="bench-30", baseline_name="nightly", verdict=Verdict.NEW, reason="not in the baseline")
    )
    made.append(
        Comparison(
            benchmark_id=f"bench-old {HOSTILE}", baseline_name="nightly", verdict=Verdict.GONE, reason="did not run"
        )
    )
    return tuple(made)


def _alerts() -> tuple[Alert, ...]:
    return (
        Alert(
            type="threshold",
            severity=Severity.CRITICAL,
            message=f"Tag filter above 1 s {HOSTILE}",
            timestamp="2026-03-01T10:16:02Z",
            resolved=False,
            finding_id="slow-page",
        ),
    )


def build_long() -> AuditResult:
    """Return an audit of five minutes with every series of the sampler and 35 benchmarks: what the size budget is for."""
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


def poison(value: object, text: str) -> object:
    """Replace every string of a result by `text`, words of closed vocabularies excepted."""
    if isinstance(value, Word):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(poison(item, text) for item in value)
    if isinstance(value, dict):
        return {f"{text}{index}": poison(item, text) for index, item in enumerate(value.values())}
    if isinstance(value, msgspec.Struct):
        changes = {name: poison(getattr(value, name), text) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **changes)
    return value
