"""A comparison with everything in it that can come out of one, hostile text included; made without clock or chance."""

from __future__ import annotations

import msgspec

from stashbench.model.baseline import Verdict
from stashbench.model.environment import Environment
from stashbench.model.quality import MachineQuality
from stashbench.model.side_by_side import (
    SCHEMA,
    SCHEMA_VERSION,
    Block,
    ComparedSide,
    PairedBenchmark,
    SideBySide,
    SideFigures,
    Stage,
    StatementChange,
)
from stashbench.model.target import LibrarySize, Target, TargetKind

HOSTILE = "</style><img src=x onerror=alert(1)> | `x` **b** \x1b[31m \u202e"


def figures(seconds, *, statements=12, rows=40):
    return SideFigures(
        sample_count=24,
        q10_seconds=seconds * 0.95,
        median_seconds=seconds,
        q75_seconds=seconds * 1.1,
        q90_seconds=seconds * 1.4,
        cpu_seconds=seconds * 0.8,
        rss_bytes=95 << 20,
        statement_count=statements,
        statement_counts=(statements,) * 3,
        response_bytes=52_000,
        row_count=rows,
        operation="FindScenes",
    )


def page(number, verdict, ratio=1.0, **changes):
    half = 0.03
    given, ratio = ratio, ratio or 1.0
    base = PairedBenchmark(
        id=f"page-{number}",
        title=f"Page {number}",
        group="scenes",
        page="Scenes",
        verdict=verdict,
        reason="B takes 30 % longer, beyond the 5.0% that noise alone may give in this run",
        time_verdict=verdict,
        cpu_verdict=verdict,
        work_verdict=Verdict.UNCHANGED,
        ratio=ratio,
        ci_low=ratio * (1 - half),
        ci_high=ratio * (1 + half),
        sigma=0.015,
        threshold_ratio=1.05,
        smallest_visible=1.07,
        median_ratio=ratio,
        cpu_ratio=ratio,
        cpu_ci_low=ratio * 0.99,
        cpu_ci_high=ratio * 1.01,
        stage=3,
        a=figures(0.02),
        b=figures(0.02 * ratio),
    )
    if given is None:
        names = ("ratio", "ci_low", "ci_high", "cpu_ratio", "cpu_ci_low", "cpu_ci_high", "sigma", "threshold_ratio")
        changes = {**dict.fromkeys((*names, "median_ratio", "smallest_visible")), **changes}
    return msgspec.structs.replace(base, **changes)


def side(label, given, version, schema, **changes):
    target = Target(
        kind=TargetKind.MANAGED,
        url="http://127.0.0.1:40123",
        server_version=version,
        schema_version=schema,
        library=LibrarySize(scene_count=50_000),
    )
    base = ComparedSide(
        label=label,
        given=given,
        target=target,
        is_renewed=True,
        process_count=12,
        start_seconds=0.8,
        cpu_seconds=31.5,
        peak_rss_bytes=240 << 20,
    )
    return msgspec.structs.replace(base, **changes)


def blocks(index, ratio):
    made = []
    for number in range(6):
        for name, factor in (("a", 1.0), ("b", ratio)):
            times = tuple(round(2e7 * factor * (1 + 0.01 * ((number * 7 + call * 3) % 11))) for call in range(4))
            made.append(
                Block(
                    benchmark=index,
                    side=name,
                    stage=1,
                    round=number,
                    order=index,
                    process=number,
                    began_seconds=float(number),
                    samples_ns=times,
                    cpu_ns=sum(times) // 2,
                )
            )
    return made


def build_comparison():
    change = StatementChange(sql_shape=f"SELECT * FROM tags WHERE name = ? -- {HOSTILE}", count_a=1, count_b=40)
    pages = (
        page(0, Verdict.REGRESSED, 1.3, b=figures(0.026, statements=52), statement_changes=(change,)),
        page(1, Verdict.REGRESSED, 3.06, title=f"A page called {HOSTILE}"),
        page(2, Verdict.IMPROVED, 0.42, left_out=("Studio.performer_count",)),
        page(3, Verdict.INCONCLUSIVE, 1.02, notes=("both answered with the same rows, in another order",)),
        page(4, Verdict.UNCHANGED, 1.001),
        page(5, Verdict.UNCHANGED, 0.998),
        page(6, Verdict.GONE, None, b=None, reason="only A answers: gone"),
        page(7, Verdict.NEW, None, a=None, reason="only B answers: new"),
        page(8, Verdict.NOT_COMPARABLE, None, reason="the answers differ"),
    )
    taken = [block for index, item in enumerate(pages) if item.ratio for block in blocks(index, item.ratio)]
    return SideBySide(
        schema=SCHEMA,
        schema_version=SCHEMA_VERSION,
        run_id="20261123T120000Z-abcd",
        stashbench_version="0.1.0",
        started_at="2026-11-23T12:00:00Z",
        finished_at="2026-11-23T12:02:14Z",
        wall_seconds=134.2,
        verdict=f"B is slower on 2 of 6 pages: A page called {HOSTILE} (3.06 times as long) and 1 more.",
        a=side("A", "/opt/stash-v0.22.1", "v0.22.1", 48),
        b=side("B", f"/opt/{HOSTILE}", "v0.30.1", 75),
        benchmarks=pages,
        environment=Environment(
            fingerprint="f",
            os="Linux",
            kernel="6.1",
            architecture="x86_64",
            cpu_model="AMD EPYC",
            cpu_count=2,
        ),
        seed=1,
        budget_seconds=120.0,
        minimum_effect=1.02,
        sigma=0.015,
        z=3.4,
        detection_limit=1.07,
        cpu_detection_limit=1.04,
        suite_ratio=1.08,
        suite_ci_low=1.05,
        suite_ci_high=1.11,
        machine=MachineQuality(
            load_1m_before=0.4,
            load_1m_after=1.2,
            steal_percent=0.1,
            foreign_cores=0.05,
            watched_seconds=54.0,
            waited_seconds=5.5,
            throttled_seconds=0.0,
            not_measured=("waiting for processor, disk and memory: this kernel does not tell it (PSI)",),
        ),
        stages=(Stage(number=1, round_count=6, benchmark_count=6, duration_seconds=54.0),),
        partial=True,
        partial_reasons=("the run was interrupted before all times were taken",),
        warnings=(f"A: {HOSTILE}",),
        blocks=tuple(taken),
        shared_cores=(0, 1),
        cores_per_round=1,
        command="stashbench compare /opt/stash-v0.22.1 /opt/stash-v0.30.1",
    )


def build_nothing():
    """Return a comparison that was interrupted before anything was measured."""
    return msgspec.structs.replace(
        build_comparison(),
        benchmarks=(),
        blocks=(),
        stages=(),
        sigma=None,
        z=None,
        detection_limit=None,
        cpu_detection_limit=None,
        suite_ratio=None,
        verdict="Nothing could be compared.",
        machine=MachineQuality(),
    )
