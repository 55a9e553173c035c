"""GraphQL over websocket in both subprotocols; the old one (`graphql-ws`) where a client names none, as in Stash."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

import msgspec
from graphql import ExecutionResult, OperationType, subscribe
from starlette.websockets import WebSocket, WebSocketDisconnect

from stashbench.embedded.execution import Executor, GraphQLRequest, Prepared, result_body

KEEP_ALIVE_SECONDS = 10.0
_NORMAL = 1000
_PROTOCOL_ERROR = 1002
_SERVICE_RESTART = 1012

RunInWorker = Callable[[Callable[[], ExecutionResult]], Awaitable[ExecutionResult]]


@dataclass(frozen=True)
class _Dialect:
    """What the messages are called in one subprotocol; the legacy one is kept alive and complains in words."""

    begin: str
    data: str
    end: str
    is_legacy: bool


# In the order of preference: Stash takes the old one where a client offers both, whichever comes first.
_DIALECTS = {
    "graphql-ws": _Dialect("start", "data", "stop", is_legacy=True),
    "graphql-transport-ws": _Dialect("subscribe", "next", "complete", is_legacy=False),
}
_LEGACY = _DIALECTS["graphql-ws"]


@dataclass(frozen=True)
class ConversationLimits:
    """What planted faults leave of a conversation: the protocols known by name (None: both), and how long it lives."""

    protocols: tuple[str, ...] | None = None
    seconds: float | None = None


class _ClosedError(Exception):
    """The conversation is over; args are the close code and the reason."""


class Conversation:
    """One client's connection: any number of operations at a time, each a task."""

    def __init__(
        self,
        socket: WebSocket,
        executor: Executor,
        run_in_worker: RunInWorker,
        base_url: str,
        limits: ConversationLimits,
    ) -> None:
        self._base_url = base_url
        self._socket = socket
        self._executor = executor
        self._run_in_worker = run_in_worker
        self._seconds = limits.seconds
        known = _DIALECTS if limits.protocols is None else limits.protocols
        offered = socket.scope.get("subprotocols", [])
        self._subprotocol = next((name for name in _DIALECTS if name in known and name in offered), None)
        self._dialect = _DIALECTS.get(self._subprotocol or "", _LEGACY)
        self._tasks: set[asyncio.Task[None]] = set()
        self._newest: dict[str, asyncio.Task[None]] = {}
        self._keep_alive: asyncio.Task[None] | None = None
        self._is_initialised = False

    async def hold(self) -> None:
        """Talk until the client leaves or breaks the protocol; end its operations then."""
        await self._socket.accept(subprotocol=self._subprotocol)
        try:
            async with asyncio.timeout(self._seconds):
                while True:
                    await self._handle(await self._socket.receive_text())
        except WebSocketDisconnect:
            pass
        except TimeoutError:
            with suppress(RuntimeError):
                await self._socket.close(_SERVICE_RESTART)
        except _ClosedError as error:
            code, reason = error.args
            with suppress(RuntimeError):  # it may have gone meanwhile
                await self._socket.close(code, reason)
        finally:
            await self._end()

    async def _handle(self, text: str) -> None:
        """Do what one message says. What Stash does not understand ends the conversation without a complaint."""
        try:
            message = msgspec.json.decode(text, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise _ClosedError(_NORMAL, "terminated") from error
        kind, identifier = message.get("type"), str(message.get("id", ""))
        if kind == "connection_init" and not self._is_initialised:
            await self._initialise()
        elif not self._is_initialised or kind == "connection_init":
            await self._complain(str(kind).removeprefix("connection_"))
        elif kind == self._dialect.begin:
            self._begin(identifier, message.get("payload"))
        elif kind == self._dialect.end:
            await self._stop(identifier)
        elif kind == "ping" and not self._dialect.is_legacy:
            await self._send({"type": "pong"})
        elif kind != "pong" or self._dialect.is_legacy:
            raise _ClosedError(_NORMAL, "terminated")

    async def _complain(self, kind: str) -> None:
        """End the conversation because of a message that is out of turn."""
        if self._dialect.is_legacy:
            await self._send({"type": "connection_error", "payload": {"message": f"unexpected message {kind}"}})
        raise _ClosedError(_PROTOCOL_ERROR, "unexpected message")

    async def _initialise(self) -> None:
        self._is_initialised = True
        await self._send({"type": "connection_ack"})
        if self._dialect.is_legacy:
            self._keep_alive = asyncio.create_task(self._keep_alive_forever())

    async def _keep_alive_forever(self) -> None:
        while True:
            await self._send({"type": "ka"})
            await asyncio.sleep(KEEP_ALIVE_SECONDS)

    def _begin(self, identifier: str, payload: object) -> None:
        """Start an operation. An id that is in use is not refused; stopping it then stops the newest."""
        task = asyncio.create_task(self._operate(identifier, payload))
        self._tasks.add(task)
        self._newest[identifier] = task
        task.add_done_callback(self._tasks.discard)

    async def _stop(self, identifier: str) -> None:
        """End an operation that the client wants no more of, and say that it is complete."""
        task = self._newest.pop(identifier, None)
        if task is not None and not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self._send({"id": identifier, "type": "complete"})

    async def _operate(self, identifier: str, payload: object) -> None:
        """Run one operation and send what comes of it; say that it is complete."""
        with suppress(WebSocketDisconnect, RuntimeError):  # the client left while we were sending
            await self._send_results(identifier, payload)
            await self._send({"id": identifier, "type": "complete"})

    async def _send_results(self, identifier: str, payload: object) -> None:
        """Send the results of one operation, or the errors that keep it from being run."""
        try:
            request = msgspec.convert(payload, GraphQLRequest)
        except msgspec.MsgspecError:
            await self._send({"id": identifier, "type": "error", "payload": [{"message": "invalid json"}]})
            return
        prepared = self._executor.prepare(request.query)
        if prepared.errors:
            await self._send({"id": identifier, "type": "error", "payload": prepared.errors})
            return
        async for result in self._results(prepared, request):
            await self._send({"id": identifier, "type": self._dialect.data, "payload": result_body(result)})

    async def _results(self, prepared: Prepared, request: GraphQLRequest) -> AsyncIterator[ExecutionResult]:
        """Yield one result of a query or mutation, and those of a subscription as they come."""
        operation = prepared.operation(request.operation_name)
        if operation is None or operation.operation is not OperationType.SUBSCRIPTION:
            yield await self._run_in_worker(lambda: self._executor.execute(prepared, request, self._base_url))
            return
        assert prepared.document is not None
        begun = subscribe(
            self._executor.schema,
            prepared.document,
            context_value=self._executor.context(self._base_url),
            variable_values=request.variables or {},
            operation_name=request.operation_name,
        )
        source = await begun if isawaitable(begun) else begun
        if isinstance(source, ExecutionResult):
            yield source
            return
        try:
            async for result in source:
                yield result
        finally:
            if hasattr(source, "aclose"):
                await source.aclose()

    async def _send(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(msgspec.json.encode(message).decode())

    async def _end(self) -> None:
        tasks = [*self._tasks, *([self._keep_alive] if self._keep_alive else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
