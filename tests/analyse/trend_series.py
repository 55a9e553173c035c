"""Histories made up for tests: levels that step at known runs, with the noise of runs."""

from __future__ import annotations

import math
import random

from stashbench.model.target import TargetKind
from stashbench.model.trend import Circumstances, ServerTrend, TrendLine, TrendRun, TrendValue


def series(rng, count, *, deviation=0.04, steps=(), odd_share=0.05, persistence=0.0, base=0.01):
    """Times in seconds: noise, now and then a run that is far too slow, and steps as (run, ratio)."""
    noise, times = 0.0, []
    for run in range(count):
        noise = persistence * noise + rng.gauss(0, deviation * math.sqrt(1 - persistence**2))
        odd = rng.expovariate(1 / 0.3) if rng.random() < odd_share else 0.0
        level = sum(math.log(ratio) for at, ratio in steps if run >= at)
        times.append(base * math.exp(noise + odd + level))
    return times


def history(columns, circumstances=None, unfit=()):
    """A server's history of benchmarks (name: times) with what each run recorded."""
    count = max(len(times) for times in columns.values())
    told = circumstances or {}
    known, runs = Circumstances(fingerprint="f", server_version="v0.29.3", library={"scene": 1000}), []
    for run in range(count):
        known = told.get(run, known)
        runs.append(
            TrendRun(
                run_id=f"run-{run:03}",
                started_at=f"2026-{1 + run // 28:02}-{1 + run % 28:02}T00:00:00Z",
                circumstances=known,
                is_unfit=run in unfit,
            )
        )
    lines = tuple(
        TrendLine(
            benchmark_id=name,
            title=name.title(),
            values=tuple(
                TrendValue(run=run, q10_seconds=value, median_seconds=value * 1.1, sample_count=9)
                for run, value in enumerate(times)
                if value is not None
            ),
        )
        for name, times in columns.items()
    )
    return ServerTrend(
        kind=TargetKind.ATTACHED, address="http://nas:9999", runs=tuple(runs), lines=lines, run_count=count
    )


def noise(seed=1):
    return random.Random(seed)
