"""Was the machine quiet enough for the numbers of this audit to mean something?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stashbench.analyse.checks.machine import client_overhead, cpu_steal, foreign_load
from stashbench.collect.machine_size import MachineSize
from stashbench.collect.probes.idle import IdleWatch
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.harness.floor import measure_client_floor
from stashbench.model.target import Facility


@pytest.mark.audit(
    id="cpu-steal",
    category="harness",
    severity="warning",
    title="CPU time taken by the machine's host",
    warning=5,
    critical=20,
    unit="%",
)
def audit_cpu_steal(
    audit: EvidenceRecorder, needs: Callable[[Facility], None], idle: IdleWatch, machine: MachineSize
) -> None:
    """Time that the host gives to other virtual machines shows up as latency of this server."""
    needs(Facility.HOST)
    cpu_steal(idle.steal_percent if machine.is_here else None).tell(audit)


@pytest.mark.audit(
    id="foreign-load",
    category="harness",
    severity="warning",
    title="Load of other programs",
    warning=50,
    unit="% of the machine",
)
def audit_foreign_load(
    audit: EvidenceRecorder, needs: Callable[[Facility], None], idle: IdleWatch, machine: MachineSize
) -> None:
    """Programs beside the server make its times longer and less steady."""
    needs(Facility.HOST)
    use = idle.use
    cores = machine.cpu_count or 0
    foreign_load(use.host_cpu_percent_mean, use.cpu_seconds, idle.seconds, cores, use.not_measured).tell(audit)


@pytest.mark.audit(
    id="client-overhead",
    category="harness",
    severity="info",
    title="The client's own share of a request",
    warning=50,
    unit="%",
)
def audit_client_overhead(audit: EvidenceRecorder, floor_rounds: tuple[float, ...]) -> None:
    """What the measuring client itself takes is part of every time it measures."""
    client_overhead(measure_client_floor(), min(floor_rounds)).tell(audit)
