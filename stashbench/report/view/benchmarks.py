"""Benchmarks by group on a shared scale, slowest first, with the change against the baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.analyse.statistics import FEWEST_FOR_INTERVAL
from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.measurement import Measurement, MeasurementOutcome, Statistics
from stashbench.model.result import AuditResult
from stashbench.model.sample import ResourceUse
from stashbench.report.charts.change import change_in_words, interval_in_words
from stashbench.report.charts.scale import Scale, Tick, times_scale
from stashbench.report.charts.strip import Strip, draw_strip
from stashbench.report.quantities import DASH, byte_size, count, duration, tidy
from stashbench.report.view.words import VERDICTS, Chip
from stashbench.report.view.work import proof_in_words, work_in_words
from stashbench.report.visible import anchor


@dataclass(frozen=True, slots=True)
class BenchmarkView:
    """One benchmark that has numbers."""

    anchor: str
    title: str
    page: str
    operation: str
    median: str
    interval: str
    size: str
    rows: str
    rounds: str
    left_out: str
    work: str
    proof: str
    strip: Strip
    description: str
    chip: Chip | None
    change: str
    interval_of_change: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """Benchmarks that share a scale."""

    name: str
    is_log: bool
    ticks: tuple[Tick, ...]
    benchmarks: tuple[BenchmarkView, ...]


@dataclass(frozen=True, slots=True)
class Unusable:
    """A benchmark without numbers, and why."""

    anchor: str
    title: str
    word: str
    reason: str


LEFT_OUT_SHOWN = 3
NUMBER_COLUMNS = (
    *("Benchmark", "Rounds", "Least", "First quarter", "Median", "Third quarter", "95th percentile", "Most", "Mean"),
    *("Deviation", "Outliers", "Server CPU", "Peak memory", "Read", "Written"),
)


def view_groups(result: AuditResult) -> tuple[GroupView, ...]:
    """Return the groups in the order they first ran."""
    comparisons = {item.benchmark_id: item for item in result.comparisons}
    groups: dict[str, list[tuple[Measurement, Statistics]]] = {}
    for item in result.measurements:
        if item.statistics is not None and _is_drawable(item.statistics):
            groups.setdefault(item.group, []).append((item, item.statistics))
    return tuple(_group(name, members, comparisons) for name, members in groups.items())


def view_unusable(measurements: Sequence[Measurement]) -> tuple[Unusable, ...]:
    """Return benchmarks that failed, are not offered, or kept no usable rounds."""
    words = {
        MeasurementOutcome.FAILED: "Failed",
        MeasurementOutcome.NOT_OFFERED: "Not offered by this server",
        MeasurementOutcome.NOT_MEASURED: "Not measured",
    }
    return tuple(
        Unusable(
            anchor("b", item.id),
            item.title,
            words.get(item.outcome, "No usable rounds"),
            item.reason or "no reason was recorded",
        )
        for item in measurements
        if item.statistics is None or not _is_drawable(item.statistics)
    )


def _is_drawable(statistics: Statistics) -> bool:
    ends = (statistics.minimum_seconds, statistics.median_seconds, statistics.maximum_seconds)
    return all(math.isfinite(value) and value >= 0 for value in ends)


def _group(
    name: str, members: Sequence[tuple[Measurement, Statistics]], comparisons: Mapping[str, Comparison]
) -> GroupView:
    lowest = min(statistics.minimum_seconds for _, statistics in members)
    highest = max(statistics.maximum_seconds for _, statistics in members)
    scale = times_scale(lowest, highest)
    ordered = sorted(members, key=lambda member: -member[1].median_seconds)
    return GroupView(
        name=name[:1].upper() + name[1:].replace("_", " ") or "Other",
        is_log=scale.is_log,
        ticks=scale.ticks(lambda seconds: tidy(duration(seconds)) if seconds else "0"),
        benchmarks=tuple(_benchmark(item, statistics, scale, comparisons.get(item.id)) for item, statistics in ordered),
    )


def _benchmark(item: Measurement, statistics: Statistics, scale: Scale, comparison: Comparison | None) -> BenchmarkView:
    baseline = comparison.baseline_median_seconds if comparison else None
    return BenchmarkView(
        anchor=anchor("b", item.id),
        title=item.title,
        page=item.page,
        operation=item.operation,
        median=duration(statistics.median_seconds),
        interval=_interval(statistics),
        size="" if item.response_bytes is None else byte_size(item.response_bytes),
        rows="" if item.row_count is None else count(item.row_count),
        rounds=count(statistics.count),
        left_out=_left_out_in_words(item.left_out),
        work=work_in_words(item),
        proof=proof_in_words(item),
        strip=draw_strip(item, statistics, scale, baseline),
        description=(
            f"{item.title}: {count(statistics.count)} rounds from {duration(statistics.minimum_seconds)} to"
            f" {duration(statistics.maximum_seconds)}, median {duration(statistics.median_seconds)}"
        ),
        chip=VERDICTS[comparison.verdict] if comparison else None,
        change=change_in_words(comparison) if comparison else "",
        interval_of_change=_interval_of_change(comparison),
        numbers=_numbers(item, statistics),
    )


def _interval(statistics: Statistics) -> str:
    """Return the 95 % interval of the median; of too few rounds for one, what they were."""
    if statistics.count == 1:
        return "a single round, no interval"
    interval = f"{duration(statistics.median_ci_low_seconds)} to {duration(statistics.median_ci_high_seconds)}"
    return interval if statistics.count >= FEWEST_FOR_INTERVAL else f"{interval}, all {statistics.count} rounds"


def _left_out_in_words(names: Sequence[str]) -> str:
    """Name the first few things a page was asked without, because the server does not offer them."""
    more = len(names) - LEFT_OUT_SHOWN
    return ", ".join(names[:LEFT_OUT_SHOWN]) + (f" and {count(more)} more" if more > 0 else "")


def _interval_of_change(comparison: Comparison | None) -> str:
    """Return the interval where the verdict rests on it; beside "unchanged" it would only be noise."""
    if comparison is None or comparison.verdict is Verdict.UNCHANGED:
        return ""
    return interval_in_words(comparison)


def _numbers(item: Measurement, statistics: Statistics) -> tuple[str, ...]:
    times = (
        *(statistics.minimum_seconds, statistics.q25_seconds, statistics.median_seconds, statistics.q75_seconds),
        *(statistics.p95_seconds, statistics.maximum_seconds, statistics.mean_seconds),
    )
    scatter = duration(statistics.stddev_seconds) if statistics.count > 1 else DASH
    return (
        item.title,
        count(statistics.count),
        *(duration(value) for value in times),
        scatter,
        count(statistics.outlier_count),
        *use_in_words(item.resources),
    )


def use_in_words(use: ResourceUse | None) -> tuple[str, str, str, str]:
    """Return CPU time, peak memory, bytes read and written; a dash where not measured."""
    if use is None:
        return (DASH, DASH, DASH, DASH)
    return (
        DASH if use.cpu_seconds is None else duration(use.cpu_seconds),
        DASH if use.peak_rss_bytes is None else byte_size(use.peak_rss_bytes),
        DASH if use.read_bytes is None else byte_size(use.read_bytes),
        DASH if use.written_bytes is None else byte_size(use.written_bytes),
    )
