"""What does the server do while nothing is asked of it? All of these judge one shared window of a few seconds."""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.idle import idle_cpu, idle_writes, log_rate
from stashbench.collect.probes.idle import IdleWatch
from stashbench.harness.evidence import EvidenceRecorder


@pytest.mark.audit(
    id="idle-cpu",
    category="system",
    severity="warning",
    title="CPU use while idle",
    warning=20,
    critical=150,
    unit="% of a core",
)
def audit_idle_cpu(audit: EvidenceRecorder, idle: IdleWatch) -> None:
    """An idle Stash computes nothing."""
    idle_cpu(idle.use.cpu_seconds, idle.seconds, idle.running_jobs, idle.use.not_measured).tell(audit)


@pytest.mark.audit(
    id="idle-writes",
    category="storage",
    severity="warning",
    title="Disk writes while idle",
    warning=100,
    critical=20480,
    unit="KiB/s",
)
def audit_idle_writes(audit: EvidenceRecorder, idle: IdleWatch) -> None:
    """An idle Stash writes nothing but a log line now and then."""
    idle_writes(idle.use.written_bytes, idle.seconds, idle.running_jobs, idle.use.not_measured).tell(audit)


@pytest.mark.audit(
    id="log-rate",
    category="system",
    severity="warning",
    title="Log lines while idle",
    warning=5,
    critical=500,
    unit="lines/s",
)
def audit_log_rate(audit: EvidenceRecorder, idle: IdleWatch) -> None:
    """A flooded log costs disk and CPU, and hides what matters."""
    log_rate(idle.log_sources, idle.seconds, idle.log_failure).tell(audit)
