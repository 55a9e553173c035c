"""Makes one story of a job out of messages and polls that may be missing, doubled, late or out of order.

Pure: times are handed in. Two facts of the server make it possible: a job's status only goes forward, and the second in
which it was queued tells it from another job that bears its number after a restart.
"""

from __future__ import annotations

from dataclasses import replace

from stashbench.stash.job_history import POLL, SUBSCRIPTION, ProgressPoint, Seen
from stashbench.stash.jobs import ENDED, Job

POINT_LIMIT = 4000
_READY, _RUNNING, _STOPPING, _OVER = range(4)
_RANKS = {"READY": _READY, "RUNNING": _RUNNING, "STOPPING": _STOPPING, **dict.fromkeys(ENDED, _OVER)}


class JobMerge:
    """The state of one job. `job` is the newest known, None before anything was heard.

    `learned_from` says what told the end. `is_replaced`: the server has another job under this number.
    """

    def __init__(self) -> None:
        self.job: Job | None = None
        self.learned_from = ""
        self.is_replaced = False
        self.message_count = 0
        self.late_count = 0
        self.points: list[ProgressPoint] = []
        self._first_seen: dict[int, float] = {}
        self._told_by_message: set[int] = set()
        self._told_by_poll: set[int] = set()
        self._last_message = float("-inf")
        self._stride = 1
        self._skipped = 0

    @property
    def is_over(self) -> bool:
        """Say whether the job has ended; this never becomes untrue."""
        return self.job is not None and self.job.is_ended

    @property
    def awaits_end_message(self) -> bool:
        """Say whether a poll told the end and no message has done so yet."""
        return _OVER in self._told_by_poll - self._told_by_message

    @property
    def lost_count(self) -> int:
        """How many changes of the status a poll told and no message did. Stash announces no STOPPING."""
        return len((self._told_by_poll - self._told_by_message) & {_RUNNING, _OVER})

    @property
    def queued(self) -> Seen | None:
        """When it was seen waiting."""
        return self._seen(_READY)

    @property
    def running(self) -> Seen | None:
        """When it was seen running, until its end was learned."""
        return self._seen(_RUNNING)

    def hear(self, job: Job, at: float) -> bool:
        """Take a message that arrived at a second; say whether it told something new."""
        if self._is_other(job):
            self.is_replaced = self.is_replaced or not self.is_over
            return False
        self.message_count += 1
        rank = self._rank(job)
        is_late = self.job is not None and rank < self._rank(self.job)
        self.late_count += is_late
        self._told_by_message.add(rank)
        self._last_message = max(self._last_message, at)
        return not is_late and self._take(job, at, SUBSCRIPTION)

    def look(self, job: Job, asked_at: float, at: float) -> bool:
        """Take what a poll, asked and answered at two seconds, has found; say whether it told something new."""
        if self._is_other(job):
            self.is_replaced = self.is_replaced or not self.is_over
            return False
        rank = self._rank(job)
        if self.job is None:
            return self._take(job, at, POLL)
        known = self._rank(self.job)
        # An answer may be older than a message that overtook it.
        if rank < known or (rank == known and self._last_message >= asked_at):
            return False
        if rank > known:
            self._told_by_poll.add(rank)
        return self._take(job, at, POLL)

    def _is_other(self, job: Job) -> bool:
        return self.job is not None and self.job.added_at != job.added_at

    def _rank(self, job: Job) -> int:
        # A status of some later release is something between the beginning and the end.
        return _RANKS.get(job.status, _RUNNING)

    def _take(self, job: Job, at: float, source: str) -> bool:
        known = self.job
        if known is not None and known.is_ended:
            # The end is told piece by piece: the status may be there before its time and its reason.
            self.job = replace(
                known,
                ended_at=known.ended_at or job.ended_at,
                started_at=known.started_at or job.started_at,
                error=known.error or job.error,
            )
            return False
        if job.is_ended:
            job = replace(job, sub_tasks=())  # the first news of an end still names what it was busy with
        self.job = job
        self._first_seen.setdefault(self._rank(job), at)
        if job.is_ended:
            self.learned_from = source
        self._note(ProgressPoint(at, job.progress, job.sub_tasks), is_forced=known is None or job.is_ended)
        return known is None or _shown(known) != _shown(job)

    def _note(self, point: ProgressPoint, *, is_forced: bool) -> None:
        """Keep a point; when there are too many, every second one goes, and as many of those to come."""
        self._skipped += 1
        if not is_forced and self._skipped < self._stride:
            return
        self._skipped = 0
        self.points.append(point)
        if len(self.points) >= POINT_LIMIT:
            del self.points[1:-1:2]
            self._stride *= 2

    def _seen(self, rank: int) -> Seen | None:
        begin = self._first_seen.get(rank)
        ends = [at for later, at in self._first_seen.items() if later > rank and later != _STOPPING]
        return None if begin is None or not ends else Seen(begin, min(ends))


def _shown(job: Job) -> tuple[object, ...]:
    return job.status, job.progress, job.sub_tasks
