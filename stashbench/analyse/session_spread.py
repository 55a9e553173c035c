"""How far a benchmark's times lie apart from session to session: the noise that stored comparisons live with."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence

from stashbench.analyse.low_quantile import LOW
from stashbench.analyse.statistics import MINIMUM_ROUNDS, quantile
from stashbench.model.baseline import Baseline
from stashbench.model.measurement import MeasurementOutcome

FEWEST_SESSIONS = 3
"""Below that a spread says next to nothing."""


def session_spreads(sessions: Iterable[Baseline]) -> dict[str, float]:
    """Return for each benchmark the standard deviation of the logarithm of its 10 % quantile over the sessions.

    About the share by which sessions differ: 0.06 is 6 %. Benchmarks of fewer than three usable sessions are absent.
    """
    found: dict[str, list[float]] = {}
    for session in sessions:
        for item in session.measurements:
            level = _level(item.rounds_seconds) if item.outcome is MeasurementOutcome.OK else None
            if level is not None:
                found.setdefault(item.id, []).append(level)
    return {name: statistics.stdev(levels) for name, levels in found.items() if len(levels) >= FEWEST_SESSIONS}


def _level(samples_seconds: Sequence[float]) -> float | None:
    if len(samples_seconds) < MINIMUM_ROUNDS:
        return None
    low = quantile(sorted(samples_seconds), LOW)
    return math.log(low) if low > 0.0 else None
