"""Which of the benchmarked pages keep a person waiting."""

from __future__ import annotations

from collections.abc import Iterable

from stashbench.analyse.checks.observation import Observation, Row, Scalar, counted, inconclusive, not_measured
from stashbench.model.measurement import Measurement, MeasurementOutcome, Statistics

NOTICED_SECONDS = 1.0
"""From here on a wait interrupts the train of thought (Nielsen, Usability Engineering, 1993, chapter 5)."""
TOOL_GROUPS = frozenset({"duplicates"})
"""Groups of pages that are tools to wait for, not pages to browse."""


def slow_pages(measurements: Iterable[Measurement], limit_seconds: float = NOTICED_SECONDS) -> Observation:
    """Judge the slowest page by what its median surely reaches: the lower end of its 95 % interval, in seconds.

    `limit_seconds` is the warning limit in force. A page whose interval straddles it makes the whole inconclusive,
    unless another is surely above it.
    """
    timed = [
        (item, item.statistics)
        for item in measurements
        if item.outcome is MeasurementOutcome.OK and item.statistics is not None and item.group not in TOOL_GROUPS
    ]
    if not timed:
        return not_measured("No page was benchmarked in this run, so none can be called slow.")
    slowest = sorted(timed, key=lambda pair: (-pair[1].median_ci_low_seconds, pair[0].id))
    worst, times = slowest[0]
    slow = [pair for pair in slowest if pair[1].median_ci_low_seconds >= limit_seconds]
    unsure = [pair for pair in slowest if pair not in slow and pair[1].median_seconds >= limit_seconds]
    evidence: dict[str, Scalar | tuple[Row, ...]] = {
        "page_count": len(timed),
        "slow_pages": tuple(_row(item, found) for item, found in (*slow, *unsure)),
    }
    if unsure and not slow:
        item, found = unsure[0]
        return inconclusive(
            f"{item.title} takes {found.median_seconds:.1f} s, but its interval reaches down to "
            f"{found.median_ci_low_seconds:.1f} s; repeat the audit on a quiet machine.",
            evidence,
        )
    number = f"{counted(len(slow), 'page')} of {len(timed)} keep you waiting" if slow else "No page keeps you waiting"
    return Observation(
        value=times.median_ci_low_seconds,
        message=f"{number}; the slowest, {worst.title}, takes {_words(times)}.",
        evidence=evidence,
        confidence="95 % interval of the median",
    )


def _words(times: Statistics) -> str:
    low, high = times.median_ci_low_seconds, times.median_ci_high_seconds
    return f"{times.median_seconds:.2g} s [{low:.2g}-{high:.2g}]"


def _row(item: Measurement, times: Statistics) -> Row:
    return {
        "id": item.id,
        "title": item.title,
        "page": item.page,
        "group": item.group,
        "median_seconds": times.median_seconds,
        "low_seconds": times.median_ci_low_seconds,
        "high_seconds": times.median_ci_high_seconds,
    }
