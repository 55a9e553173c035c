"""The job queue: strictly one job at a time, in order; the last ten that ended can still be asked for."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from stashbench.embedded.broadcast import Broadcast
from stashbench.embedded.jobs.job import Job, JobEvent, JobEventKind, JobStatus
from stashbench.embedded.jobs.progress import Progress
from stashbench.embedded.jobs.throttle import Throttle
from stashbench.embedded.loghub import LogHub, LogLevel

GRAVEYARD_SIZE = 10
UPDATE_INTERVAL_SECONDS = 0.1
STOP_TIMEOUT_SECONDS = 5.0  # a VACUUM cannot be stopped; the process then ends without waiting for it

Work = Callable[[Progress], None]


class _Entry:
    """A queued job with what is needed to run, stop and announce it."""

    def __init__(self, job: Job, work: Work, announce: Callable[[_Entry], None], store: Callable[..., None]) -> None:
        self.job = job
        self.work = work
        self.throttle = Throttle(UPDATE_INTERVAL_SECONDS, lambda: announce(self))
        self.progress = Progress(lambda fraction, tasks: store(self, fraction, tasks))


class JobManager:
    """Runs jobs in a thread of its own and broadcasts what happens to them; may be used from any thread."""

    def __init__(self, hub: LogHub) -> None:
        self._hub = hub
        self._events: Broadcast[JobEvent] = Broadcast()
        self.subscribe = self._events.subscribe
        self._queue: list[_Entry] = []
        self._graveyard: deque[Job] = deque(maxlen=GRAVEYARD_SIZE)
        self._changed = threading.Condition()
        self._last_id = 0
        self._is_closed = False
        self._runner = threading.Thread(target=self._run_until_closed, name="jobs", daemon=True)
        self._runner.start()

    def add(self, description: str, work: Work) -> int:
        """Queue a job and return its id. `work` raising anything makes the job FAILED with that message."""
        with self._changed:
            self._last_id += 1
            job = Job(id=self._last_id, description=description, status=JobStatus.READY, added_ns=time.time_ns())
            self._queue.append(_Entry(job, work, self._announce_update, self._store_progress))
            self._send(JobEventKind.ADD, job)
            self._changed.notify_all()
            return job.id

    def queue(self) -> list[Job]:
        """Return the jobs that are queued or running, in order."""
        with self._changed:
            return [entry.job for entry in self._queue]

    def find(self, job_id: int) -> Job | None:
        """Return a job that is queued, running, or among the last ten that ended."""
        with self._changed:
            jobs = [*(entry.job for entry in self._queue), *self._graveyard]
            return next((job for job in jobs if job.id == job_id), None)

    def stop(self, job_id: int) -> None:
        """Stop a job: at once if it has not begun, at its next convenient point if it runs; unknown ids are ignored."""
        with self._changed:
            for entry in [entry for entry in self._queue if entry.job.id == job_id]:
                self._stop_entry(entry)

    def stop_all(self) -> None:
        """Stop all jobs."""
        with self._changed:
            for entry in list(self._queue):
                self._stop_entry(entry)

    def close(self) -> None:
        """Stop all jobs and the runner; waits a few seconds for the running one."""
        with self._changed:
            self._is_closed = True
            for entry in list(self._queue):
                self._stop_entry(entry)
            self._changed.notify_all()
        self._runner.join(STOP_TIMEOUT_SECONDS)

    def _stop_entry(self, entry: _Entry) -> None:
        entry.progress.request_stop()
        if entry.job.status is JobStatus.READY:
            entry.job = replace(entry.job, status=JobStatus.CANCELLED, ended_ns=time.time_ns())
            self._bury(entry)
        elif entry.job.status is JobStatus.RUNNING:
            entry.job = replace(entry.job, status=JobStatus.STOPPING)

    def _run_until_closed(self) -> None:
        """Take the first ready job, run it, bury it; until closed."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._queue or self._is_closed)
                if self._is_closed:
                    return
                entry = self._queue[0]
                entry.job = replace(entry.job, status=JobStatus.RUNNING, started_ns=time.time_ns())
                self._send(JobEventKind.UPDATE, entry.job)
            error = self._run(entry)
            entry.throttle.cancel()
            with self._changed:
                self._finish(entry, error)
                self._bury(entry)

    def _run(self, entry: _Entry) -> str | None:
        """Do the work; return what went wrong, or None. A job may fail in any way; the queue goes on."""
        try:
            entry.work(entry.progress)
        except Exception as error:  # noqa: BLE001
            message = str(error) or type(error).__name__
            self._hub.publish(LogLevel.ERROR, f"task failed due to error: {message}")
            return message
        return None

    def _finish(self, entry: _Entry, error: str | None) -> None:
        status = JobStatus.FINISHED
        if error is not None:
            status = JobStatus.FAILED
        elif entry.job.status is JobStatus.STOPPING:
            status = JobStatus.CANCELLED
        entry.job = replace(entry.job, status=status, error=error, sub_tasks=(), ended_ns=time.time_ns())

    def _bury(self, entry: _Entry) -> None:
        self._queue.remove(entry)
        self._graveyard.append(entry.job)
        self._send(JobEventKind.REMOVE, entry.job)

    def _store_progress(self, entry: _Entry, fraction: float | None, sub_tasks: tuple[str, ...]) -> None:
        """Keep what the job reports at once; announce it at most ten times a second."""
        with self._changed:
            entry.job = replace(entry.job, progress=fraction, sub_tasks=sub_tasks)
        entry.throttle.trigger()

    def _announce_update(self, entry: _Entry) -> None:
        with self._changed:
            if not entry.job.is_over:
                self._send(JobEventKind.UPDATE, entry.job)

    def _send(self, kind: JobEventKind, job: Job) -> Any:
        self._events.send(JobEvent(kind, job))
