"""Benchmarks with rounds, and what the baseline says of them."""

from __future__ import annotations

import math
import random

from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.measurement import Measurement, MeasurementOutcome, Statistics

from .texts import HOSTILE

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

LEFT_OUT = {
    5: ("Scene.play_count",),
    21: ("Image.date", "Image.rating100", "Image.o_counter", "VideoFile.bit_rate"),
}


def statistics_of(rounds: tuple[float, ...]) -> Statistics:
    ordered = sorted(rounds)
    size = len(ordered)
    mean = math.fsum(ordered) / size
    middle = ordered[size // 2]
    return Statistics(
        count=size,
        median_seconds=middle,
        median_ci_low_seconds=ordered[max(0, size // 2 - 3)],
        median_ci_high_seconds=ordered[min(size - 1, size // 2 + 3)],
        mean_seconds=mean,
        stddev_seconds=math.sqrt(math.fsum((value - mean) ** 2 for value in ordered) / (size - 1)),
        minimum_seconds=ordered[0],
        maximum_seconds=ordered[-1],
        q10_seconds=ordered[size // 10],
        q25_seconds=ordered[size // 4],
        q75_seconds=ordered[3 * size // 4],
        p95_seconds=ordered[int(size * 0.95)],
        outlier_count=sum(value > 1.5 * middle for value in ordered),
    )


def measurement(index: int, chance: random.Random) -> Measurement:
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
        statistics=statistics_of(rounds),
        resources=None,
        definition_hash="abc123",
        left_out=LEFT_OUT.get(index, ()),
    )


def unusable() -> tuple[Measurement, ...]:
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
            reason="this server does not offer the query findFolders",
        ),
    )


def comparisons(measurements: tuple[Measurement, ...]) -> tuple[Comparison, ...]:
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
