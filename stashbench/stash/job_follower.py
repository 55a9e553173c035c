"""Follows jobs from their beginning to their end, by subscription and by polls beside it.

The server drops messages where a subscriber is slow, sends those of different kinds in any order, tells nothing of what
was before, forgets all but the last ten ended jobs, and all of them when it is restarted. Neither way alone is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from stashbench.errors import RequestError
from stashbench.stash.backoff import RetryLimits
from stashbench.stash.capabilities import Capabilities, read_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.job_following import JobFollowing, Sources
from stashbench.stash.job_history import JobHistory
from stashbench.stash.job_inbox import JobInbox
from stashbench.stash.jobs import Job, job_document
from stashbench.stash.subscription import PROTOCOLS, Subscription

POLL_TIMEOUT_SECONDS = 10.0


class JobFollower:
    """Hears of all jobs while its context is open; enter it before the job is started, so that nothing is missed.

    Without a subscription it only polls; `subscription_failure` then says why. `inbox` counts messages that were not
    understood or had to be dropped.
    """

    def __init__(
        self,
        client: StashClient,
        capabilities: Capabilities | None = None,
        *,
        protocols: Sequence[str] = PROTOCOLS,
        retry: RetryLimits | None = None,
    ) -> None:
        self._client = client
        self._capabilities = capabilities
        self._protocols = protocols
        self._retry = retry
        self._subscription: Subscription | None = None
        self._document = ""
        self._refusal = ""
        self.inbox = JobInbox()

    def __enter__(self) -> Self:
        """Subscribe. That the server opens no subscription is told in `subscription_failure`.

        Raises:
            RequestError: the server does not say what it offers.
            TargetError: it cannot be used at all.
        """
        if self._capabilities is None:
            self._capabilities = read_capabilities(self._client)
        self._document = job_document("find_job", self._capabilities)
        document = job_document("job_stream", self._capabilities)
        if not document:
            self._refusal = f"{self._client.url} offers no subscription to its jobs"
            return self
        subscription = Subscription(
            self._client, document, self.inbox.receive, protocols=self._protocols, retry=self._retry
        )
        try:
            self._subscription = subscription.__enter__()
        except RequestError as error:
            self._refusal = str(error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._subscription is not None:
            self._subscription.close()

    @property
    def subscription_failure(self) -> str:
        """Why no messages come; empty while they do."""
        return self._refusal if self._subscription is None else self._subscription.failure

    @property
    def is_subscribed(self) -> bool:
        """Say whether messages can come now."""
        return self._subscription is not None and self._subscription.is_connected

    def follow(
        self, job_id: str, *, timeout_seconds: float, observe: Callable[[Job], None] | None = None
    ) -> JobHistory:
        """Wait for the end of a job and return its history; never raises for what the server does, see `problem`.

        `observe` is called in this thread with each new state. May be called in several threads for several jobs.
        """
        with self._client.clone(min(self._client.timeout_seconds, POLL_TIMEOUT_SECONDS)) as client:
            sources = Sources(self.inbox, self._subscription, client, self._document)
            return JobFollowing(sources, job_id, observe).run(timeout_seconds, lambda: self.subscription_failure)
