"""Watches the running job, and looks up how the latest jobs ended."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, NamedTuple

from stashbench.collect.probes.rounds import insist
from stashbench.collect.sampler import Sampler
from stashbench.model.sample import ResourceUse
from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.jobs import ENDED, Job, find_job, job_queue

_POLL_SECONDS = 0.25
_BATCH = 50
HIGHEST_ID = 500


class MovementWatch(NamedTuple):
    """One job watched until it moved or the time was up."""

    job: Job
    seconds: float
    has_moved: bool
    use: ResourceUse


def watch_running_job(client: StashClient, resources: Sampler, *, seconds: float) -> MovementWatch | None:
    """Watch the running job until its progress, its sub-tasks or its status change; None where no job runs."""
    job = next((job for job in insist(lambda: job_queue(client)) if job.status == "RUNNING"), None)
    if job is None:
        return None
    resources.begin("probe:job")
    begin = time.monotonic()
    has_moved = False
    while not has_moved and time.monotonic() - begin < seconds:
        time.sleep(_POLL_SECONDS)
        now = insist(partial(find_job, client, job.id))
        has_moved = now is None or _state(now) != _state(job)
    return MovementWatch(job, time.monotonic() - begin, has_moved, resources.end("probe:job"))


class EndedJobs(NamedTuple):
    """The jobs that ended and that the server remembers: how many, and (description, error) of those that failed."""

    ended_count: int
    failures: tuple[tuple[str, str], ...]


def ended_jobs(client: StashClient, capabilities: Capabilities) -> EndedJobs:
    """Return what the server remembers of ended jobs, the latest failure first.

    Servers remember the last ten that ended but do not list them, so ids are tried, up to `HIGHEST_ID`. Before Stash
    0.26 jobs never count as failed.
    """
    error = " error" if capabilities.has_field("Job", "error") else ""
    found: list[dict[str, Any]] = []
    for first in range(1, HIGHEST_ID + 1, _BATCH):
        fields = " ".join(
            f"j{number}: findJob(input: {{id: {number}}}) {{ id status description{error} }}"
            for number in range(first, first + _BATCH)
        )
        prepared = client.prepare(f"query RecentJobs {{ {fields} }}")
        found += [job for job in insist(partial(client.run, prepared)).values() if job]
    failed = sorted((job for job in found if job["status"] == "FAILED"), key=lambda job: -int(job["id"]))
    failures = tuple((str(job["description"]), str(job.get("error") or "")) for job in failed)
    return EndedJobs(sum(job["status"] in ENDED for job in found), failures)


def _state(job: Job) -> tuple[object, ...]:
    return job.status, job.progress, job.sub_tasks
