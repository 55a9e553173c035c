"""Does the server keep a little of every request, and does its machine have memory left?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stashbench.analyse.checks.machine import available_memory
from stashbench.analyse.checks.memory import memory_growth
from stashbench.collect.machine_size import MachineSize
from stashbench.collect.probes.memory import watch_memory
from stashbench.collect.probes.operations import prepare
from stashbench.collect.sampler import Sampler
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.target import Facility
from stashbench.stash.client import StashClient


@pytest.mark.audit(
    id="memory-growth",
    category="system",
    severity="warning",
    title="Memory kept of each request",
    warning=4096,
    critical=262144,
    unit="bytes/request",
)
def audit_memory_growth(
    audit: EvidenceRecorder, needs: Callable[[Facility], None], stash: StashClient, resources: Sampler
) -> None:
    """Memory should stay level over hundreds of equal, cheap requests."""
    needs(Facility.PROCESS)
    memory_growth(*watch_memory(stash, resources, prepare(stash, "system_status"))).tell(audit)


@pytest.mark.audit(
    id="available-memory",
    category="system",
    severity="warning",
    title="Memory left on the server's machine",
    warning=10,
    critical=3,
    unit="%",
    upper=False,
)
def audit_available_memory(audit: EvidenceRecorder, needs: Callable[[Facility], None], machine: MachineSize) -> None:
    """Short memory evicts the database from the kernel's cache and ends in swapping."""
    needs(Facility.HOST)
    available_memory(machine.available_memory_bytes, machine.memory_bytes).tell(audit)
