"""Where messages about jobs wait until somebody asks for them: bounded, and shared by two threads."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from typing import Any

from stashbench.stash.jobs import Job, read_job

JOB_LIMIT = 200
MESSAGE_LIMIT = 2000

Message = tuple[float, Job]
"""A job as a message told it, and the second of our monotonic clock at which it arrived."""


class JobInbox:
    """`unreadable_count` messages were not understood; `dropped_count` had to go for newer ones."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: OrderedDict[str, deque[Message]] = OrderedDict()
        self.unreadable_count = 0
        self.dropped_count = 0

    def receive(self, payload: dict[str, Any]) -> None:
        """Keep one payload of the subscription to jobs."""
        now = time.monotonic()
        try:
            job = read_job(payload["jobsSubscribe"]["job"])
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
            self.unreadable_count += 1
            return
        with self._changed:
            waiting = self._waiting.setdefault(job.id, deque(maxlen=MESSAGE_LIMIT))
            self._waiting.move_to_end(job.id)
            self.dropped_count += len(waiting) == MESSAGE_LIMIT
            waiting.append((now, job))
            while len(self._waiting) > JOB_LIMIT:
                self.dropped_count += len(self._waiting.popitem(last=False)[1])
            self._changed.notify_all()

    def take(self, job_id: str, until: float) -> list[Message]:
        """Take the messages about a job, oldest first, waiting for one until a second of the monotonic clock."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting.get(job_id), max(until - time.monotonic(), 0))
            return list(self._waiting.pop(job_id, ()))
