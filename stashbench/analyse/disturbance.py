"""Whether the times of two runs can be held against each other at all: what disturbed them, and by how much."""

from __future__ import annotations

import math
from collections.abc import Iterable

from stashbench.model.measurement import Measurement

FOREIGN_CORES_LIMIT = 0.3
"""CPU of other programs during a benchmark, in cores, from which its times are not the server's own."""
FEWEST_PAGES = 6
USUAL_DRIFT = 1.2
"""Ratio by which the medians of an unchanged server differ between two sessions on a shared machine: three standard
deviations of the 6 % that A/A sessions on a 2-core virtual machine showed."""


def foreign_cores(measurement: Measurement, cpu_count: int) -> float | None:
    """Return the cores that neither the server nor the harness used while a benchmark ran; None if not measured."""
    use = measurement.resources
    if (
        use is None
        or use.host_cpu_percent_mean is None
        or use.cpu_seconds is None
        or use.harness_cpu_seconds is None
        or use.duration_seconds <= 0
    ):
        return None
    own = (use.cpu_seconds + use.harness_cpu_seconds) / use.duration_seconds
    return max(0.0, use.host_cpu_percent_mean / 100 * cpu_count - own)


def disturbed_by(measurement: Measurement, cpu_count: int, run: str) -> str:
    """Say by how much other programs disturbed a benchmark of a run ("this run", "the baseline"); empty if not."""
    cores = foreign_cores(measurement, cpu_count)
    if cores is None or cores < FOREIGN_CORES_LIMIT:
        return ""
    return f"other programs used {cores:.1f} cores while {run} measured it"


def drift_limit(ratios: Iterable[float]) -> float:
    """Return the ratio up to which a change says nothing: how far pages moved the other way, at least the usual drift.

    `ratios` are those of the suite, mirrored where a speed-up is judged (so slower is always above 1). What the server
    really lost moves pages one way; how far others moved the other way in the same two sessions is drift alone, and
    drift has no direction. Fewer than six pages tell too little, and the usual drift has to do.
    """
    known = [ratio for ratio in ratios if ratio > 0 and math.isfinite(ratio)]
    opposite = max((1.0 / ratio for ratio in known), default=1.0)
    return max(USUAL_DRIFT, opposite) if len(known) >= FEWEST_PAGES else USUAL_DRIFT
