"""What a comparison with five stored sessions tells beside its ratio: their times, looks, what decided."""

from __future__ import annotations

import msgspec

from stashbench.model.baseline import Comparison, SuiteShift, Verdict
from stashbench.model.measurement import Look, Measurement
from stashbench.report.view.spreads import quantiles

from .texts import HOSTILE

SESSIONS = (0.97, 1.01, 0.99, 1.04, 1.0)
SUITE = SuiteShift(
    verdict=Verdict.UNCHANGED,
    reason="All 30 pages together are 1.2 % slower than before, within the 10 % by which sessions may differ.",
    ratio=1.012,
    ci_low=0.96,
    ci_high=1.07,
    threshold_ratio=1.10,
    benchmark_count=30,
)
LATER = {"bench-12": 1.39, "bench-29": 3.36, "bench-18": 1.28}
CHANGES = {
    "bench-12": {"first_ratio": 1.45, "later_ratio": 1.39, "decided_by": "second look"},
    "bench-29": {"first_ratio": 3.44, "later_ratio": 3.36, "decided_by": "second look"},
    "bench-23": {"first_ratio": 1.31, "decided_by": "paired"},
    "bench-15": {
        "verdict": Verdict.SUSPECT,
        "reason": "19 % slower than the middle of 5 stored sessions, but not measured again: audit once more.",
        "ratio": 1.19,
        "ci_low": 1.11,
        "ci_high": 1.28,
    },
    "bench-18": {
        "verdict": Verdict.REGRESSED,
        "ratio": 1.3,
        "ci_low": 1.22,
        "ci_high": 1.38,
        "accepted": f"covers are checked now, until 2026-06-30 {HOSTILE}",
        "first_ratio": 1.33,
        "later_ratio": 1.28,
        "decided_by": "second look",
    },
}


def with_looks(measurements: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    return tuple(
        msgspec.structs.replace(
            item, looks=(Look(rounds_seconds=tuple(value * 0.99 for value in item.rounds_seconds)),)
        )
        if item.id in LATER
        else item
        for item in measurements
    )


def with_sessions(comparisons: tuple[Comparison, ...], measurements: tuple[Measurement, ...]) -> tuple[Comparison, ...]:
    known = {item.id: item for item in measurements}
    return tuple(
        _with_sessions(item, known[item.benchmark_id].rounds_seconds) if item.ratio is not None else item
        for item in comparisons
    )


def _with_sessions(item: Comparison, rounds: tuple[float, ...]) -> Comparison:
    item = msgspec.structs.replace(
        item, **{"decided_by": "first look", "session_count": len(SESSIONS), **CHANGES.get(item.benchmark_id, {})}
    )
    assert item.ratio is not None
    stored = tuple(round(value / item.ratio, 9) for value in quantiles(rounds))
    return msgspec.structs.replace(
        item,
        sigma=0.03,
        smallest_visible=1.13,
        baseline_quantiles_seconds=stored,
        baseline_lows_seconds=tuple(round(stored[2] * factor, 9) for factor in SESSIONS),
    )
