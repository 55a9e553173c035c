"""A GraphQL subscription in a thread of its own: payloads arrive in a callback, ends and failures are told.

gql runs on asyncio; here it gets a private loop, so that callers stay plain functions and nothing of it is left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from stashbench.errors import RequestError
from stashbench.model.text import one_line
from stashbench.stash.client import StashClient
from stashbench.stash.sockets import tls_context

CONNECT_SECONDS = 5.0
CLOSE_SECONDS = 2.0
# A second of a busy log is one message; the library's own limit of 1 MiB would cut the connection.
FAILURE_LIMIT = 200
MESSAGE_LIMIT_BYTES = 256 * 1024 * 1024


class Subscription:
    """Receives the payloads of one subscription from entering the context until leaving it.

    `receive` is called in the subscription's thread with the data of each message. `failure` says why it ended early.
    """

    def __init__(self, client: StashClient, document: str, receive: Callable[[dict[str, Any]], None]) -> None:
        self._client = client
        self._document = document
        self._receive = receive
        self._connected = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="subscription", daemon=True)
        self.failure = ""

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            RequestError: the websocket cannot be opened.
        """
        self._thread.start()
        self._connected.wait(2 * CONNECT_SECONDS + 1)
        if self.failure or not self._connected.is_set():
            self.close()
            message = f"{self._client.url} opens no subscription ({self.failure or 'no answer'})."
            raise RequestError(message)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the subscription and wait for its thread."""
        loop, task = self._loop, self._task
        if loop is not None and task is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended by itself
                loop.call_soon_threadsafe(task.cancel)
        self._thread.join(CLOSE_SECONDS + 1)

    def _run(self) -> None:
        # Loaded in this thread and before the loop runs: it takes a quarter of a second.
        from gql import Client, gql
        from gql.transport.websockets import WebsocketsTransport

        request = gql(self._document)

        def connect() -> Any:
            return Client(transport=self._transport(WebsocketsTransport))

        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            with contextlib.suppress(asyncio.CancelledError):
                runner.run(self._listen(connect, request))
        self._connected.set()

    async def _listen(self, connect: Callable[[], Any], request: Any) -> None:
        self._task = asyncio.current_task()
        try:
            async with connect() as session:
                self._connected.set()
                async for payload in session.subscribe(request):
                    self._receive(payload)
            self.failure = self.failure or "the server ended the subscription"
        except Exception as error:  # noqa: BLE001 - whatever the libraries raise is told as `failure`
            said = self._client.redaction.in_text(str(error))
            self.failure = one_line(f"{type(error).__name__}: {said}" if said else type(error).__name__, FAILURE_LIMIT)

    def _transport(self, kind: Callable[..., Any]) -> Any:
        client = self._client
        context = None
        if client.address.is_tls:
            context = tls_context(ca_file=client.ca_file, is_insecure=client.is_insecure)
        return kind(
            client.address.websocket_url,
            headers=client.request_headers(),
            ssl=context or False,
            connect_timeout=CONNECT_SECONDS,
            ack_timeout=CONNECT_SECONDS,
            close_timeout=CLOSE_SECONDS,
            # No proxy, as in the timed client; compression would only cost the server time.
            connect_args={"max_size": MESSAGE_LIMIT_BYTES, "compression": None, "proxy": None},
        )
