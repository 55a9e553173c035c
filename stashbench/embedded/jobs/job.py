"""What is known of a job, and what is told when it changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class JobStatus(Enum):
    """Where a job stands, in the API's words."""

    READY = "READY"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    STOPPING = "STOPPING"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


class JobEventKind(Enum):
    """What happened to a job."""

    ADD = "ADD"
    REMOVE = "REMOVE"
    UPDATE = "UPDATE"


@dataclass(frozen=True)
class Job:
    """A job as it stood at one moment. Times are nanoseconds since 1970; progress is 0-1, None when not known."""

    id: int
    description: str
    status: JobStatus
    added_ns: int
    progress: float | None = 0.0
    sub_tasks: tuple[str, ...] = ()
    started_ns: int | None = None
    ended_ns: int | None = None
    error: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether it will never change again."""
        return self.status in (JobStatus.FINISHED, JobStatus.CANCELLED, JobStatus.FAILED)


@dataclass(frozen=True)
class JobEvent:
    """One change of one job, with the job as it stood then."""

    kind: JobEventKind
    job: Job
