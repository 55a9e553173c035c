"""Does the running job move, and did the latest jobs end well?"""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.jobs import JobWatch, failed_jobs, stalled_job
from stashbench.collect.probes import jobs
from stashbench.collect.sampler import Sampler
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import StashClient

WATCH_SECONDS = 5.0


@pytest.mark.audit(
    id="stalled-job",
    category="system",
    severity="warning",
    title="The running job moves",
    warning=WATCH_SECONDS,
    unit="s",
)
def audit_stalled_job(audit: EvidenceRecorder, stash: StashClient, resources: Sampler) -> None:
    """A job that stands still holds up all that wait behind it, for jobs run one at a time.

    It is watched for as long as the warning limit says.
    """
    seen = jobs.watch_running_job(stash, resources, seconds=audit.threshold.warning or WATCH_SECONDS)
    watch = None
    if seen is not None:
        watch = JobWatch(
            id=seen.job.id,
            description=seen.job.description,
            started_at=seen.job.started_at,
            watched_seconds=seen.seconds,
            has_moved=seen.has_moved,
            progress=seen.job.progress,
            cpu_seconds=seen.use.cpu_seconds,
            read_bytes=seen.use.logical_read_bytes,
            written_bytes=seen.use.written_bytes,
        )
    stalled_job(watch).tell(audit)


@pytest.mark.audit(
    id="failed-job", category="system", severity="warning", title="Recent jobs ended well", warning=1, unit="jobs"
)
def audit_failed_job(audit: EvidenceRecorder, stash: StashClient, capabilities: Capabilities) -> None:
    """A job that failed did not do what somebody waits for."""
    if not capabilities.has_field("JobStatus", "FAILED"):
        audit.not_applicable("This release of Stash reports failed jobs as finished; see its log.")
        return
    ended = jobs.ended_jobs(stash, capabilities)
    failed_jobs(ended.failures, ended.ended_count).tell(audit)
