"""A GraphQL subscription in a thread of its own: payloads arrive in a callback; losses, ends and failures are told.

gql runs on asyncio; here it gets a private loop, so that callers stay plain functions and nothing of it is left behind.
gql knows both protocols but gives up with the first connection. So each connection is one gql session, and what makes
a subscription outlive a restart of its server is here.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from stashbench.errors import RequestError
from stashbench.model.text import one_line
from stashbench.stash.backoff import Backoff, RetryLimits
from stashbench.stash.client import StashClient

if TYPE_CHECKING:
    from stashbench.stash.websocket_transport import Transport

MODERN = "graphql-transport-ws"
LEGACY = "graphql-ws"
# In the order of preference, but the server chooses: Stash takes the old one where both are offered.
PROTOCOLS = (MODERN, LEGACY)
START_SECONDS = 15.0
CLOSE_SECONDS = 5.0
FAILURE_LIMIT = 200
GAP_LIMIT = 1000


class Gap(NamedTuple):
    """A time in which messages may have been lost, in seconds of `time.monotonic`; `end` is infinite while it lasts.

    It begins with the last message before the loss, because what the server had not yet sent is gone too.
    """

    begin: float
    end: float


class _ReceiverError(Exception):
    """The callback raised; its error is the cause."""


class Subscription:
    """Receives the payloads of one subscription from entering the context until leaving it.

    `receive` is called in the subscription's thread with the data of each message. `failure` says why it ended early.
    After a loss it connects again, within `retry`; `reconnect_count` counts the times that succeeded, `gaps` says when
    messages may have been lost (the newest thousand), `protocol` which of the offered ones the server chose.
    """

    def __init__(
        self,
        client: StashClient,
        document: str,
        receive: Callable[[dict[str, Any]], None],
        *,
        protocols: Sequence[str] = PROTOCOLS,
        retry: RetryLimits | None = None,
    ) -> None:
        self._client = client
        self._document = document
        self._receive = receive
        self._protocols = tuple(protocols)
        self._retry = retry or RetryLimits()
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="subscription", daemon=True)
        self._gaps: deque[Gap] = deque(maxlen=GAP_LIMIT)
        self._last_payload = 0.0
        self._is_subscribed = False
        self.failure = ""
        self.protocol = ""
        self.message_count = 0
        self.gap_count = 0
        self.reconnect_count = 0

    def __enter__(self) -> Self:
        """Connect and ask for the subscription; when this returns, the server has been sent the request.

        Raises:
            RequestError: the websocket cannot be opened.
        """
        self._thread.start()
        self._started.wait(START_SECONDS)
        if self.failure or not self._started.is_set():
            self.close()
            message = f"{self._client.url} opens no subscription ({self.failure or 'no answer'})."
            raise RequestError(message)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The times in which messages may have been lost, oldest first."""
        return tuple(self._gaps)

    @property
    def is_connected(self) -> bool:
        """Say whether messages can arrive now."""
        return self._is_subscribed and not self.failure

    def close(self) -> None:
        """End the subscription and wait for its thread."""
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended by itself
                loop.call_soon_threadsafe(task.cancel)
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        # Loaded in this thread and before the loop runs: it takes a quarter of a second.
        from gql import GraphQLRequest

        from stashbench.stash import websocket_transport

        try:
            request = GraphQLRequest(self._document)
            with asyncio.Runner() as runner:
                self._loop = runner.get_loop()
                with contextlib.suppress(asyncio.CancelledError):
                    runner.run(self._listen(request, websocket_transport.Transport, websocket_transport.explain))
        finally:
            self._is_subscribed = False
            self._started.set()

    async def _listen(
        self,
        request: Any,
        transport: type[Transport],
        explain: Callable[[BaseException], tuple[str, bool]],
    ) -> None:
        """Hold one connection after the other until there is no use in it."""
        self._task = asyncio.current_task()
        backoff: Backoff | None = None
        while True:
            begin = time.monotonic()
            try:
                await self._hold(transport(self._client, self._protocols, self._note_subscribed), request)
                why, is_final = "the server ended the subscription", False
            except _ReceiverError as error:
                why, is_final = f"{type(error.__cause__).__name__}: {error.__cause__}", True
            except Exception as error:  # noqa: BLE001 - whatever the libraries raise is told as `failure`
                why, is_final = explain(error)
            now = time.monotonic()
            if self._is_subscribed:
                self._note_loss(now)
            if backoff is None or now - begin >= self._retry.stable_seconds:
                backoff = Backoff(self._retry, now)
            delay = None if is_final or not self._started.is_set() else backoff.next_delay(now)
            if delay is None:
                self.failure = self._told(why, backoff.attempt_count)
                return
            await asyncio.sleep(delay)

    async def _hold(self, transport: Transport, request: Any) -> None:
        """Receive over one connection until it ends."""
        from gql import Client

        async with Client(transport=transport) as session:
            self.protocol = transport.subprotocol
            stream = session.subscribe(request)
            async with contextlib.aclosing(stream):
                async for payload in stream:
                    self._last_payload = time.monotonic()
                    self.message_count += 1
                    try:
                        self._receive(payload or {})
                    except Exception as error:
                        raise _ReceiverError from error

    def _note_subscribed(self) -> None:
        now = time.monotonic()
        self._is_subscribed = True
        self._last_payload = now
        if self._gaps and self._gaps[-1].end == math.inf:
            self._gaps[-1] = Gap(self._gaps[-1].begin, now)
        self.reconnect_count += self._started.is_set()
        self._started.set()

    def _note_loss(self, now: float) -> None:
        from stashbench.stash.websocket_transport import SILENCE_SECONDS

        self._is_subscribed = False
        # A quiet connection was alive until then, or its ping would have failed before.
        self._gaps.append(Gap(max(self._last_payload, now - SILENCE_SECONDS), math.inf))
        self.gap_count += 1

    def _told(self, why: str, attempt_count: int) -> str:
        tried = f"; {attempt_count} attempts to connect again were in vain" if attempt_count else ""
        return one_line(self._client.redaction.in_text(why), FAILURE_LIMIT - len(tried)) + tried
