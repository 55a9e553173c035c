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

from stashbench.embedded.execution import Executor, GraphQLRequest, Prepared

KEEP_ALIVE_SECONDS = 10.0
_BAD_REQUEST = 4400
_UNAUTHORIZED = 4401
_DUPLICATE = 4409
_TOO_MANY_INITIALISATIONS = 4429

RunInWorker = Callable[[Callable[[], ExecutionResult]], Awaitable[ExecutionResult]]


@dataclass(frozen=True)
class _Dialect:
    """What the messages are called in one subprotocol."""

    begin: str
    data: str
    end: str
    has_keep_alive: bool


_DIALECTS = {
    "graphql-transport-ws": _Dialect("subscribe", "next", "complete", has_keep_alive=False),
    "graphql-ws": _Dialect("start", "data", "stop", has_keep_alive=True),
}
_LEGACY = _DIALECTS["graphql-ws"]


class _ProtocolError(Exception):
    """The client broke the subprotocol; args are the close code and the reason."""


class Conversation:
    """One client's connection: any number of operations at a time, each a task."""

    def __init__(self, socket: WebSocket, executor: Executor, run_in_worker: RunInWorker, base_url: str) -> None:
        self._base_url = base_url
        self._socket = socket
        self._executor = executor
        self._run_in_worker = run_in_worker
        offered = [name for name in socket.scope.get("subprotocols", []) if name in _DIALECTS]
        self._subprotocol = offered[0] if offered else None
        self._dialect = _DIALECTS.get(self._subprotocol or "", _LEGACY)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._keep_alive: asyncio.Task[None] | None = None
        self._is_initialised = False

    async def hold(self) -> None:
        """Talk until the client leaves or breaks the protocol; end its operations then."""
        await self._socket.accept(subprotocol=self._subprotocol)
        try:
            while True:
                await self._handle(await self._socket.receive_text())
        except WebSocketDisconnect:
            pass
        except _ProtocolError as error:
            code, reason = error.args
            with suppress(RuntimeError):  # it may have gone meanwhile
                await self._socket.close(code, reason)
        finally:
            await self._end()

    async def _handle(self, text: str) -> None:
        try:
            message = msgspec.json.decode(text, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise _ProtocolError(_BAD_REQUEST, "not a message") from error
        kind, identifier = message.get("type"), str(message.get("id", ""))
        if kind == "connection_init":
            await self._initialise()
        elif kind == "ping":
            await self._send({"type": "pong"})
        elif kind == self._dialect.begin:
            self._begin(identifier, message.get("payload"))
        elif kind == self._dialect.end:
            if identifier in self._tasks:
                self._tasks[identifier].cancel()
        elif kind == "connection_terminate":
            raise WebSocketDisconnect
        elif kind != "pong":
            raise _ProtocolError(_BAD_REQUEST, f"unexpected message {kind}")

    async def _initialise(self) -> None:
        if self._is_initialised:
            raise _ProtocolError(_TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        self._is_initialised = True
        await self._send({"type": "connection_ack"})
        if self._dialect.has_keep_alive:
            self._keep_alive = asyncio.create_task(self._keep_alive_forever())

    async def _keep_alive_forever(self) -> None:
        while True:
            await self._send({"type": "ka"})
            await asyncio.sleep(KEEP_ALIVE_SECONDS)

    def _begin(self, identifier: str, payload: object) -> None:
        if not self._is_initialised:
            raise _ProtocolError(_UNAUTHORIZED, "Unauthorized")
        if identifier in self._tasks:
            raise _ProtocolError(_DUPLICATE, f"Subscriber for {identifier} already exists")
        try:
            request = msgspec.convert(payload, GraphQLRequest)
        except msgspec.MsgspecError as error:
            raise _ProtocolError(_BAD_REQUEST, "not a GraphQL request") from error
        task = asyncio.create_task(self._operate(identifier, request))
        self._tasks[identifier] = task
        task.add_done_callback(lambda _task: self._tasks.pop(identifier, None))

    async def _operate(self, identifier: str, request: GraphQLRequest) -> None:
        """Run one operation and send what comes of it, then say that it is complete."""
        with suppress(WebSocketDisconnect, RuntimeError):  # the client left while we were sending
            prepared = self._executor.prepare(request.query)
            if prepared.errors:
                await self._send({"id": identifier, "type": "error", "payload": prepared.errors})
                return
            async for result in self._results(prepared, request):
                payload: dict[str, Any] = {"data": result.data}
                if result.errors:
                    payload["errors"] = [error.formatted for error in result.errors]
                await self._send({"id": identifier, "type": self._dialect.data, "payload": payload})
            await self._send({"id": identifier, "type": "complete"})

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
        tasks = [*self._tasks.values(), *([self._keep_alive] if self._keep_alive else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
