"""`/graphql`: POST and GET answered by ten worker threads, the websocket by the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from stashbench.embedded.execution import Executor, GraphQLRequest
from stashbench.embedded.websocket import Conversation

WORKER_COUNT = 10  # as many as there are readers of the database
_MALFORMED = 400
_NO_SUCH_METHOD = 405
_NO_CONTENT = 204
_REQUESTS = msgspec.json.Decoder(GraphQLRequest)

Result = TypeVar("Result")


class GraphQLEndpoint:
    """Takes requests off the network; all work is done in the workers."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._workers = ThreadPoolExecutor(WORKER_COUNT, thread_name_prefix="request")

    def close(self) -> None:
        """Stop the workers; requests that wait for one are dropped."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one websocket."""
        if scope["type"] == "websocket":
            socket = WebSocket(scope, receive, send)
            await Conversation(socket, self._executor, self._in_worker, _base_url(scope)).hold()
            return
        status, body = await self._answer(scope, receive)
        headers = [
            (b"content-type", b"application/json"),
            (b"cache-control", b"no-store"),
            (b"content-length", str(len(body)).encode()),
        ]
        if status == _NO_SUCH_METHOD or scope["method"] == "OPTIONS":
            headers.append((b"allow", b"OPTIONS, GET, POST"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        method = scope["method"]
        if method == "OPTIONS":
            return _NO_CONTENT, b""
        try:
            if method == "POST":
                request = _REQUESTS.decode(await _read_body(receive))
            elif method == "GET":
                request = _request_of_query(scope["query_string"].decode())
            else:
                return _NO_SUCH_METHOD, b""
        except msgspec.MsgspecError as error:
            message = f"json request body could not be decoded: {error}"
            return _MALFORMED, msgspec.json.encode({"errors": [{"message": message}], "data": None})
        return await self._in_worker(lambda: self._executor.answer(request, _base_url(scope)))

    async def _in_worker(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)


def _base_url(scope: Scope) -> str:
    """Return the server's address as the client wrote it, for the addresses of images in answers."""
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return f"http://{host}" if host else ""


async def _read_body(receive: Receive) -> bytes:
    """Collect the body of a request."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


def _request_of_query(query: str) -> GraphQLRequest:
    """Read a request from the parameters of a GET."""
    given = {name: values[0] for name, values in parse_qs(query).items()}
    variables = msgspec.json.decode(given["variables"], type=dict) if given.get("variables") else None
    return GraphQLRequest(given.get("query", ""), variables, given.get("operationName"))
