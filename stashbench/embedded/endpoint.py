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

from stashbench.embedded.auth import header_of, proxy_prefix
from stashbench.embedded.execution import Executor, GraphQLRequest
from stashbench.embedded.websocket import Conversation, ConversationLimits

WORKER_COUNT = 10  # as many as there are readers of the database
_OK = 200
_BAD_REQUEST = 400
_UNPROCESSABLE = 422
_NOT_EXECUTED = 0  # stands for one of the last two until it is known how the answer is written
_JSON = "application/json"
_GRAPHQL_JSON = "application/graphql-response+json"
_REQUESTS = msgspec.json.Decoder(GraphQLRequest)

Result = TypeVar("Result")


class GraphQLEndpoint:
    """Takes requests off the network; all work is done in the workers."""

    def __init__(self, executor: Executor, limits: ConversationLimits) -> None:
        self._executor = executor
        self._limits = limits
        self._workers = ThreadPoolExecutor(WORKER_COUNT, thread_name_prefix="request")

    def close(self) -> None:
        """Stop the workers; requests that wait for one are dropped."""
        self._workers.shutdown(wait=True, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or one websocket."""
        if scope["type"] == "websocket":
            socket = WebSocket(scope, receive, send)
            await Conversation(socket, self._executor, self._in_worker, _base_url(scope), self._limits).hold()
            return
        given = dict(scope["headers"])
        kind = _answer_type(given.get(b"accept", b"").decode("latin-1"))
        status, body = await self._answer(scope, given, receive)
        if status == _NOT_EXECUTED:
            status = _UNPROCESSABLE if kind == _JSON else _BAD_REQUEST
        headers = [
            (b"content-type", kind.encode()),
            (b"cache-control", b"no-store"),
            (b"content-length", str(len(body)).encode()),
        ]
        if scope["method"] == "OPTIONS":
            headers.append((b"allow", b"OPTIONS, GET, POST"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, given: dict[bytes, bytes], receive: Receive) -> tuple[int, bytes]:
        """Return status and body; the status of what could not be executed depends on how the answer is written."""
        method = scope["method"]
        if method == "OPTIONS":
            return _OK, b""
        try:
            if method == "POST" and given.get(b"content-type", b"").split(b";")[0].strip() == _JSON.encode():
                request = _REQUESTS.decode(await _read_body(receive))
            elif method == "GET":
                request = _request_of_query(scope["query_string"].decode())
            else:
                return _refusal("transport not supported")
        except msgspec.MsgspecError as error:
            return _refusal(f"json request body could not be decoded: {error}")
        was_executed, body = await self._in_worker(lambda: self._executor.answer(request, _base_url(scope)))
        return (_OK if was_executed else _NOT_EXECUTED), body

    async def _in_worker(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)


def _answer_type(accept: str) -> str:
    """Return what the answer is called: plain JSON if nothing is asked for or it is asked for first, as in Stash."""
    wanted = [part.split(";")[0].strip() for part in accept.split(",") if part.strip()]
    first = next((kind for kind in wanted if kind in {_JSON, _GRAPHQL_JSON, "*/*"}), None)
    return _JSON if not wanted or first == _JSON else _GRAPHQL_JSON


def _refusal(message: str) -> tuple[int, bytes]:
    return _BAD_REQUEST, msgspec.json.encode({"errors": [{"message": message}], "data": None})


def _base_url(scope: Scope) -> str:
    """Return the server's address as the client wrote it, for the addresses of images in answers."""
    host = header_of(scope, b"host")
    scheme = "https" if header_of(scope, b"x-forwarded-proto") == "https" else "http"
    return f"{scheme}://{host}{proxy_prefix(scope)}" if host else ""


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
