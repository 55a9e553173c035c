"""How long does saving take? The only check that writes; it runs with --allow-writes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stashbench.analyse.checks.latency import slow_update
from stashbench.collect.probes.updates import time_updates
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.target import Facility
from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.library_sample import LibrarySample


@pytest.mark.audit(
    id="slow-update",
    category="api",
    severity="warning",
    title="Time to save a scene",
    warning=300,
    unit="ms",
)
def audit_slow_update(
    audit: EvidenceRecorder,
    needs: Callable[[Facility], None],
    stash: StashClient,
    capabilities: Capabilities,
    library: LibrarySample,
    floor_rounds: tuple[float, ...],
    may_write: bool,
) -> None:
    """Plugins' hooks run before the answer, so a slow hook is a slow save."""
    needs(Facility.WRITES)
    if not may_write:
        audit.not_measured("Saving is timed with --allow-writes only: it changes the scene's time of update.")
        return
    if not capabilities.has_mutation("sceneUpdate"):
        audit.not_applicable("This server offers no way to save a scene.")
        return
    assert library.scene_id, "without a scene there is nothing to save"
    slow_update(time_updates(stash, library.scene_id), min(floor_rounds)).tell(audit)
