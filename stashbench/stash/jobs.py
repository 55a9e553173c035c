"""The server's job queue: one job runs at a time, the others wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stashbench.errors import RequestError
from stashbench.model.text import one_line
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.reading import reading

DESCRIPTION_LIMIT = 500
ENDED = frozenset({"FINISHED", "CANCELLED", "FAILED"})


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `progress` is 0 to 1, None where the server does not know; times are the server's, RFC 3339."""

    id: str
    status: str
    description: str
    sub_tasks: tuple[str, ...]
    progress: float | None
    added_at: str
    started_at: str | None
    ended_at: str | None

    @property
    def is_ended(self) -> bool:
        """Say whether the job is over, well or not."""
        return self.status in ENDED


def job_queue(client: StashClient) -> tuple[Job, ...]:
    """Return the waiting and running jobs, in order."""
    answer = client.execute(load("job_queue"))
    with reading(client.url, "the question for its jobs"):
        return tuple(_read(job) for job in answer["jobQueue"] or ())


def find_job(client: StashClient, job_id: str) -> Job | None:
    """Return a job by its id, or None: the server remembers only the last ten that ended."""
    answer = client.execute(load("find_job"), {"id": job_id})
    with reading(client.url, "the question for one job"):
        return _read(answer["findJob"]) if answer["findJob"] else None


def wait_for_job(
    client: StashClient,
    job_id: str,
    *,
    timeout_seconds: float,
    poll_seconds: float = 0.2,
    observe: Callable[[Job], None] | None = None,
) -> Job:
    """Poll a job until it has ended and return its last state; `observe` sees each state on the way.

    Raises:
        RequestError: it did not end in time, or the server does not know it.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        job = find_job(client, job_id)
        if job is None:
            message = f"{client.url} knows no job {job_id}: it may have restarted meanwhile."
            raise RequestError(message)
        if observe is not None:
            observe(job)
        if job.is_ended:
            return job
        if time.monotonic() >= deadline:
            message = (
                f"Job {job_id} ({job.description}) did not end within {timeout_seconds:g} s: see Stash's tasks page."
            )
            raise RequestError(message)
        time.sleep(min(poll_seconds, max(deadline - time.monotonic(), 0)))


def _read(job: dict[str, Any]) -> Job:
    return Job(
        id=str(job["id"]),
        status=str(job["status"]),
        description=one_line(str(job["description"]), DESCRIPTION_LIMIT),
        sub_tasks=tuple(one_line(str(task), DESCRIPTION_LIMIT) for task in job["subTasks"] or ()),
        progress=None if job["progress"] is None else float(job["progress"]),
        added_at=job["addTime"],
        started_at=job["startTime"],
        ended_at=job["endTime"],
    )
