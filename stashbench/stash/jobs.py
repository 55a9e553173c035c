"""The server's job queue: one job runs at a time, the others wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stashbench.errors import RequestError
from stashbench.model.text import one_line
from stashbench.stash.adapt import adapt_document
from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.reading import reading

DESCRIPTION_LIMIT = 500
ERROR_LIMIT = 2000
SUB_TASK_LIMIT = 100
# In the order a job goes through them; the last three are ends.
STATUSES = ("READY", "RUNNING", "STOPPING", "FINISHED", "CANCELLED", "FAILED")
ENDED = frozenset({"FINISHED", "CANCELLED", "FAILED"})
# What the documents ask for that servers before 0.26 do not know.
LATER_FIELD = "    error\n"


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `progress` is 0 to 1, None where the server does not know; times are the server's, RFC 3339.

    `error` says why it failed, None where it did not or the server (before 0.26) does not tell. Such a server calls a
    failed job FINISHED.
    """

    id: str
    status: str
    description: str
    sub_tasks: tuple[str, ...]
    progress: float | None
    added_at: str
    started_at: str | None
    ended_at: str | None
    error: str | None = None

    @property
    def is_ended(self) -> bool:
        """Say whether the job is over, well or not."""
        return self.status in ENDED


def job_document(name: str, capabilities: Capabilities | None) -> str:
    """Return a document about jobs as the server takes it; without capabilities, as every server does."""
    document = load(name)
    return document.replace(LATER_FIELD, "") if capabilities is None else adapt_document(document, capabilities).text


def job_queue(client: StashClient, capabilities: Capabilities | None = None) -> tuple[Job, ...]:
    """Return the waiting and running jobs, in order. `error` is read with `capabilities` only, as in `find_job`."""
    answer = client.execute(job_document("job_queue", capabilities))
    with reading(client.url, "the question for its jobs"):
        return tuple(read_job(job) for job in answer["jobQueue"] or ())


def find_job(client: StashClient, job_id: str, capabilities: Capabilities | None = None) -> Job | None:
    """Return a job by its id, or None: the server remembers only the last ten that ended."""
    return ask_for_job(client, job_document("find_job", capabilities), job_id)


def ask_for_job(client: StashClient, document: str, job_id: str) -> Job | None:
    """Do what `find_job` does with a document at hand (see `job_document`)."""
    answer = client.execute(document, {"id": job_id})
    with reading(client.url, "the question for one job"):
        return read_job(answer["findJob"]) if answer["findJob"] else None


def wait_for_job(
    client: StashClient,
    job_id: str,
    *,
    timeout_seconds: float,
    poll_seconds: float = 0.2,
    observe: Callable[[Job], None] | None = None,
    capabilities: Capabilities | None = None,
) -> Job:
    """Poll a job until it has ended and return its last state; `observe` sees each state on the way.

    Raises:
        RequestError: it did not end in time, or the server does not know it.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        job = find_job(client, job_id, capabilities)
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


def read_job(job: Mapping[str, Any]) -> Job:
    """Read a job as the API gives it; raises as a form that is not Stash's does (see `reading`)."""
    error = job.get("error")
    return Job(
        id=str(job["id"]),
        status=str(job["status"]),
        description=one_line(str(job["description"]), DESCRIPTION_LIMIT),
        sub_tasks=tuple(one_line(str(task), DESCRIPTION_LIMIT) for task in (job["subTasks"] or ())[:SUB_TASK_LIMIT]),
        progress=None if job["progress"] is None else float(job["progress"]),
        added_at=job["addTime"],
        started_at=job["startTime"],
        ended_at=job["endTime"],
        error=None if error is None else one_line(str(error), ERROR_LIMIT),
    )
