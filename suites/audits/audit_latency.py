"""How long does the server take for nothing, and does it wait where it should work?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stashbench.analyse.checks.latency import (
    LONG_WAIT_MS,
    OperationTiming,
    cost_of_totals,
    latency_floor,
    waiting_time,
)
from stashbench.collect.probes.operations import prepare
from stashbench.collect.probes.rounds import repeat
from stashbench.collect.probes.statements import PageTraces
from stashbench.collect.probes.waiting import TimedOperation
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.target import Facility
from stashbench.stash.client import StashClient
from stashbench.stash.library_sample import LibrarySample
from stashbench.target import OpenTarget

BY_PATH = {"filter": {"sort": "path", "direction": "ASC", "per_page": 40}}


@pytest.mark.audit(
    id="latency-floor",
    category="api",
    severity="warning",
    title="Latency of a request without work",
    warning=25,
    critical=250,
    unit="ms",
)
def audit_latency_floor(audit: EvidenceRecorder, floor_rounds: tuple[float, ...]) -> None:
    """What every request pays before any work: network, proxy, authentication."""
    latency_floor(floor_rounds).tell(audit)


@pytest.mark.audit(
    id="waiting-time",
    category="api",
    severity="warning",
    title="Time spent waiting instead of working",
    warning=100,
    critical=2000,
    unit="ms",
)
def audit_waiting_time(
    audit: EvidenceRecorder,
    needs: Callable[[Facility], None],
    timed_operations: tuple[TimedOperation, ...],
    traces: tuple[PageTraces, ...],
    floor_rounds: tuple[float, ...],
) -> None:
    """Latency that neither the CPU nor the logged SQL explains: a hook, a lock, a proxy, a disk."""
    needs(Facility.PROCESS)
    logged = {trace.query: trace.page.logged_seconds for trace in traces if trace.page.is_available}
    timings = [
        OperationTiming(
            operation=item.operation,
            rounds_seconds=item.rounds_seconds,
            cpu_seconds=item.cpu_seconds,
            request_count=item.request_count,
            run_delay_seconds=item.run_delay_seconds,
            logged_sql_seconds=logged.get(item.operation),
        )
        for item in timed_operations
        if item.rounds_seconds
    ]
    waiting_time(timings, min(floor_rounds), audit.threshold.warning or LONG_WAIT_MS).tell(audit)
    failures = [{"operation": item.operation, "failure": item.failure} for item in timed_operations if item.failure]
    audit.evidence("not_timed", failures)


@pytest.mark.audit(
    id="image-totals",
    category="api",
    severity="warning",
    title="Cost of the totals on the images page",
    warning=500,
    critical=5000,
    unit="ms",
)
def audit_image_totals(audit: EvidenceRecorder, stash: StashClient, target: OpenTarget, library: LibrarySample) -> None:
    """Megapixels and file size of all images are summed anew for each view of the page."""
    assert library.image_id, "without images there are no totals"
    plain = repeat(stash, prepare(stash, "images", BY_PATH, adapter=target.adapter), budget_seconds=0.3)
    full = repeat(stash, prepare(stash, "images_with_totals", BY_PATH, adapter=target.adapter), budget_seconds=0.3)
    cost_of_totals(plain, full, library.image_count).tell(audit)
