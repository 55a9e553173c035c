"""A stand-in that answers GraphQL posts and streams log lines in shuffled batches, with faults to order."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import threading
import time
from datetime import UTC, datetime

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

BATCH_SECONDS = 0.05


class LogServer:
    """`lines` maps operation names to the messages logged for them; `loses` says which messages are dropped.

    `seconds` maps operation names to how long they take, `before_answer` is called with each operation's name.
    `is_cut` closes the websocket once, with all lines that wait for it.
    """

    def __init__(self, lines, *, loses=lambda _message: False, has_log=True, api_key=None, seconds=None):
        self.lines = lines
        self.loses = loses
        self.has_log = has_log
        self.api_key = api_key
        self.seconds = seconds or {}
        self.before_answer = lambda _name: None
        self.is_cut = False
        self.operations = []
        self._pending = []
        self._lock = threading.Lock()
        self._random = random.Random(1)
        app = Starlette(
            routes=[Route("/graphql", self._post, methods=["POST"]), WebSocketRoute("/graphql", self._stream)]
        )
        config = uvicorn.Config(app, port=0, log_level="critical", ws="websockets-sansio", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self):
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started and time.monotonic() < deadline:
            threading.Event().wait(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._thread.join(10)

    def log(self, message):
        """Log a line now, as another client's request would."""
        if self.loses(message):
            return
        now = time.time_ns()
        stamp = f"{datetime.fromtimestamp(now // 10**9, UTC):%Y-%m-%dT%H:%M:%S}.{now % 10**9:09d}".rstrip("0") + "Z"
        with self._lock:
            self._pending.append({"time": stamp, "level": "Trace", "message": message})

    async def _post(self, request):
        body = await request.json()
        name = body.get("operationName", "")
        self.operations.append(name)
        if name == "Mark":
            word = body["variables"]["q"]
            self.log(f"SQL [9µs]: SELECT COUNT(*) FROM `tags` WHERE name LIKE ?, args: [%{word}%]")
            self.log(f"SQL [8µs]: SELECT `tags`.`id` FROM `tags` WHERE name LIKE ? LIMIT 1, args: [%{word}%]")
            return JSONResponse({"data": {"findTags": {"count": 0}}})
        if name == "Broken":
            return JSONResponse({"data": None, "errors": [{"message": "boom"}]})
        lines = self.lines.get(name, ())
        for message in lines:
            self.log(message)
            if name in self.seconds:
                await asyncio.sleep(self.seconds[name] / len(lines))
        self.before_answer(name)
        return JSONResponse({"data": {"ok": True}})

    async def _stream(self, websocket):
        if not self.has_log or (self.api_key and websocket.headers.get("apikey") != self.api_key):
            await websocket.close(4403)
            return
        await websocket.accept("graphql-transport-ws")
        identity = None
        with contextlib.suppress(Exception):
            while identity is None:
                message = json.loads(await websocket.receive_text())
                if message["type"] == "connection_init":
                    await websocket.send_json({"type": "connection_ack"})
                elif message["type"] == "subscribe":
                    identity = message["id"]
            with self._lock:
                self._pending.clear()
            listening = asyncio.ensure_future(websocket.receive())
            while not listening.done():
                await asyncio.wait([listening], timeout=BATCH_SECONDS)
                if self.is_cut:
                    self.is_cut = False
                    await websocket.close(1011)
                    break
                with self._lock:
                    batch, self._pending = self._pending, []
                self._random.shuffle(batch)
                if batch:
                    payload = {"data": {"loggingSubscribe": batch}}
                    await websocket.send_json({"id": identity, "type": "next", "payload": payload})
            listening.cancel()
