"""The waiting for one job: messages as they come, polls beside them, until its end is known or waiting is vain."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from stashbench.errors import StashbenchError, TargetRefusedError
from stashbench.stash.client import StashClient
from stashbench.stash.job_history import JobHistory
from stashbench.stash.job_inbox import JobInbox, Message
from stashbench.stash.job_merge import JobMerge
from stashbench.stash.jobs import Job, ask_for_job
from stashbench.stash.server_time import seconds_between
from stashbench.stash.subscription import Subscription

POLL_SECONDS = 1.0
POLL_ALONE_SECONDS = 0.25
# How long a message may stay behind the poll that told the same, before it counts as lost.
END_MESSAGE_SECONDS = 0.5
UNREACHABLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Sources:
    """Where news of jobs comes from: messages (`subscription` None where there are none), and `document` for polls."""

    inbox: JobInbox
    subscription: Subscription | None
    client: StashClient
    document: str

    @property
    def is_subscribed(self) -> bool:
        """Say whether messages can come now."""
        return self.subscription is not None and self.subscription.is_connected

    def gap_count_since(self, at: float) -> int:
        """Return how many losses of the connection began or went on after a second of our monotonic clock."""
        return 0 if self.subscription is None else sum(gap.end >= at for gap in self.subscription.gaps)

    @property
    def protocol(self) -> str:
        """The websocket protocol that the server chose, empty without a subscription."""
        return "" if self.subscription is None else self.subscription.protocol


class JobFollowing:
    """Follows one job once: `run` returns its history."""

    def __init__(self, sources: Sources, job_id: str, observe: Callable[[Job], None] | None) -> None:
        self._sources = sources
        self._job_id = job_id
        self._observe = observe
        self._merge = JobMerge()
        self._begin = time.monotonic()
        self._poll_count = 0
        self._poll_failure_count = 0
        self._poll_failure = ""
        self._failing_since: float | None = None
        self._unknown_count = 0
        self._problem = ""
        self._is_lost = False

    def run(self, timeout_seconds: float, subscription_failure: Callable[[], str]) -> JobHistory:
        """Wait for the end. `subscription_failure` is asked at the end why there were no messages."""
        deadline = time.monotonic() + timeout_seconds
        while self._is_undecided():
            self._poll()
            self._judge(deadline, timeout_seconds)
            pause = POLL_SECONDS if self._sources.is_subscribed and not self._unknown_count else POLL_ALONE_SECONDS
            until = min(time.monotonic() + pause, deadline)
            while self._is_undecided() and time.monotonic() < until:
                self._hear(self._sources.inbox.take(self._job_id, until))
        if self._merge.is_over:
            self._complete()
        return self._history(subscription_failure())

    def _is_undecided(self) -> bool:
        return not self._merge.is_over and not self._problem

    def _poll(self) -> None:
        """Ask once. Messages that arrived meanwhile are taken first: they are no younger than the answer."""
        asked_at = time.monotonic()
        self._poll_count += 1
        found = None
        try:
            found = ask_for_job(self._sources.client, self._sources.document, self._job_id)
        except StashbenchError as error:
            self._poll_failure_count += 1
            self._poll_failure = str(error)
            self._failing_since = asked_at if self._failing_since is None else self._failing_since
            if isinstance(error, TargetRefusedError) or asked_at - self._failing_since >= UNREACHABLE_SECONDS:
                self._problem = self._poll_failure
        else:
            self._failing_since = None
            self._unknown_count = 0 if found else self._unknown_count + 1
        answered_at = time.monotonic()
        self._hear(self._sources.inbox.take(self._job_id, answered_at), found)
        if found is not None and self._merge.look(found, asked_at, answered_at):
            self._show()

    def _hear(self, messages: list[Message], found: Job | None = None) -> None:
        for at, job in messages:
            # Before anything is known, a message may be about an earlier job of this number, before a restart.
            is_earlier = self._merge.job is None and found is not None and job.added_at != found.added_at
            if not is_earlier and self._merge.hear(job, at):
                self._show()

    def _show(self) -> None:
        if self._observe is not None and self._merge.job is not None:
            self._observe(self._merge.job)

    def _judge(self, deadline: float, timeout_seconds: float) -> None:
        """Find out whether there is no use in waiting on."""
        url, known = self._sources.client.url, self._merge.job
        name = f"job {self._job_id}" + (f" ({known.description})" if known else "")
        if not self._is_undecided():
            return
        if self._merge.is_replaced:
            self._lose(f"{url} was restarted and has lost {name}; another job bears its number now.")
        elif self._unknown_count > 1:  # the second time, so that a message on its way is heard first
            was_away = self._poll_failure_count or self._sources.gap_count_since(self._begin)
            if known is not None and was_away:
                self._lose(f"{url} was restarted and has lost {name}: start the job again.")
            else:
                self._lose(
                    f"{url} knows no {name}: it was restarted, or more than ten jobs have ended since; "
                    "see Stash's log for what became of it."
                )
        elif time.monotonic() >= deadline:
            late = f"{name} did not end within {timeout_seconds:g} s: see the tasks page of {url}."
            self._problem = self._poll_failure if self._failing_since is not None else late[0].upper() + late[1:]

    def _lose(self, problem: str) -> None:
        self._is_lost = True
        self._problem = problem

    def _complete(self) -> None:
        """Give the message that a poll overtook a moment, and ask for what the end's first news did not hold."""
        until = time.monotonic() + END_MESSAGE_SECONDS
        while self._merge.awaits_end_message and self._sources.is_subscribed and time.monotonic() < until:
            self._hear(self._sources.inbox.take(self._job_id, until))
        job = self._merge.job
        if job is not None and job.started_at and not job.ended_at:
            self._poll()

    def _history(self, subscription_failure: str) -> JobHistory:
        merge, job = self._merge, self._merge.job
        return JobHistory(
            job_id=self._job_id,
            status=job.status if job else "",
            error=job.error if job else None,
            description=job.description if job else "",
            problem="" if merge.is_over else self._problem,
            is_lost=self._is_lost and not merge.is_over,
            learned_from=merge.learned_from,
            points=tuple(merge.points),
            queued_seconds=seconds_between(job.added_at, job.started_at or job.ended_at) if job else None,
            running_seconds=seconds_between(job.started_at, job.ended_at) if job else None,
            queued=merge.queued,
            running=merge.running,
            message_count=merge.message_count,
            late_count=merge.late_count,
            lost_count=merge.lost_count if self._sources.protocol else 0,
            poll_count=self._poll_count,
            poll_failure_count=self._poll_failure_count,
            gap_count=self._sources.gap_count_since(self._begin),
            protocol=self._sources.protocol,
            subscription_failure=subscription_failure,
        )
