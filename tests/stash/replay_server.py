"""A server that plays a recording of a real one over a websocket, and loses, mixes or cuts as it is told.

It answers `findJob` from the recording as well, as the real server would have at that moment: what is dropped on the
websocket is still true.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import lzma
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

RECORDINGS = Path(__file__).parents[1] / "data" / "recordings"
MODERN, LEGACY = "graphql-transport-ws", "graphql-ws"


def recorded(name):
    """The messages of a recording: (seconds since its beginning, payload)."""
    path = next(RECORDINGS.glob(f"stash-v0.22.1-{name}.jsonl*"))
    packed = path.read_bytes()
    text = (lzma.decompress(packed) if path.suffix == ".xz" else packed).decode()
    rows = [json.loads(line) for line in text.splitlines()]
    return [(row["at"], row["data"]) for row in rows]


def disturbed(messages, *, seed, drop=0.0, duplicate=0.0, reorder=0.0):
    """Lose, double and delay messages: their times change, so a delayed one comes after later ones."""
    chance = random.Random(seed)
    changed = []
    for at, payload in messages:
        if chance.random() >= drop:
            changed.append((at + (chance.uniform(0, 1) if chance.random() < reorder else 0), payload))
        if chance.random() < duplicate:
            changed.append((at + chance.uniform(0, 1), payload))
    return sorted(changed, key=lambda message: message[0])


@dataclass
class Behaviour:
    """What the server does. `protocols` None is both; `cut_at` and `complete_at` are seconds of the recording.

    `refuse` answers handshakes with a status, `decline` subscriptions with an error; `hush` leaves them unanswered.
    """

    speed: float = 50.0
    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    seed: int = 1
    protocols: tuple[str, ...] | None = None
    prefers_legacy: bool = True
    cut_at: tuple[float, ...] = ()
    complete_at: tuple[float, ...] = ()
    ping_seconds: float = 0.05
    refuse: int = 0
    refuse_body: bytes = b""
    refuse_headers: dict = field(default_factory=dict)
    decline: str = ""
    polls_as_of: float | None = None


class ReplayServer:
    """Plays `messages` from the first subscription on; what nobody is connected for is gone."""

    def __init__(self, messages, behaviour=None, *, context=None):
        self.behaviour = behaviour or Behaviour()
        self.truth = messages
        does = self.behaviour
        self.messages = disturbed(
            messages, seed=does.seed, drop=does.drop, duplicate=does.duplicate, reorder=does.reorder
        )
        self.handshakes = []
        self.pong_count = 0
        self.poll_count = 0
        self.sent_count = 0
        self.forgets = False
        self.polls_fail = False
        self._began = None
        self._cuts = sorted([*((at, "cut") for at in does.cut_at), *((at, "complete") for at in does.complete_at)])
        self._first = messages[0][0] if messages else 0.0
        app = Starlette(
            routes=[Route("/graphql", self._post, methods=["POST"]), WebSocketRoute("/graphql", self._converse)]
        )
        config = uvicorn.Config(app, port=0, log_level="critical", ws="websockets-sansio", lifespan="off")
        config.load()
        config.ssl = context
        self._server = uvicorn.Server(config)
        self._scheme = "https" if context else "http"
        self._thread = threading.Thread(target=self._run)
        self._loop = None

    def _run(self):
        async def serve():
            self._loop = asyncio.get_running_loop()
            await self._server.serve()

        asyncio.run(serve())

    def __enter__(self):
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started and time.monotonic() < deadline:
            threading.Event().wait(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"{self._scheme}://127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_):
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    def cut(self):
        """Break every connection off, as a killed server does."""
        self._loop.call_soon_threadsafe(self._abort)

    def _abort(self):
        for connection in list(self._server.server_state.connections):
            connection.transport.abort()

    @property
    def position(self):
        """Where in the recording we are."""
        if self._began is None:
            return self._first
        return self._first + (time.monotonic() - self._began) * self.behaviour.speed

    async def _post(self, request):
        body = await request.json()
        self.poll_count += 1
        if self.polls_fail:
            return Response("away", 503)
        job = None if self.forgets else self._job(body["variables"]["id"])
        return JSONResponse({"data": {"findJob": job}})

    def _job(self, job_id):
        seen = self.position if self.behaviour.polls_as_of is None else self.behaviour.polls_as_of
        told = [
            payload["jobsSubscribe"]["job"]
            for at, payload in self.truth
            if at <= seen and payload["jobsSubscribe"]["job"]["id"] == job_id
        ]
        ended = [job for job in told if job["status"] in {"FINISHED", "CANCELLED", "FAILED"}]
        return (ended or told or [None])[-1]

    async def _converse(self, websocket):
        does = self.behaviour
        self.handshakes.append(dict(websocket.headers))
        if does.refuse:
            await websocket.send_denial_response(Response(does.refuse_body, does.refuse, does.refuse_headers))
            return
        known = (MODERN, LEGACY) if does.protocols is None else does.protocols
        known = sorted(known, reverse=not does.prefers_legacy)
        offered = websocket.scope["subprotocols"]
        chosen = next((name for name in reversed(known) if name in offered), None)
        await websocket.accept(chosen)
        with contextlib.suppress(Exception):  # the client left
            await self._talk(websocket, is_legacy=chosen != MODERN)

    async def _talk(self, websocket, *, is_legacy):
        playing = None
        reading = asyncio.ensure_future(websocket.receive_json())
        try:
            while True:
                done, _ = await asyncio.wait([reading], timeout=self.behaviour.ping_seconds)
                if not done:
                    if playing is not None:
                        await websocket.send_json({"type": "ka" if is_legacy else "ping"})
                    continue
                message = reading.result()
                if message["type"] == ("start" if is_legacy else "subscribe"):
                    playing = asyncio.ensure_future(self._play(websocket, message["id"], is_legacy))
                else:
                    await self._answer(websocket, message, playing, is_legacy=is_legacy)
                reading = asyncio.ensure_future(websocket.receive_json())
        finally:
            for task in (reading, playing):
                if task is not None:
                    task.cancel()

    async def _answer(self, websocket, message, playing, *, is_legacy):
        kind = message["type"]
        if kind == "connection_init":
            await websocket.send_json({"type": "connection_ack"})
        elif kind == "pong" and not is_legacy:
            self.pong_count += 1
        elif kind == ("stop" if is_legacy else "complete"):
            playing.cancel()
            await websocket.send_json({"id": message["id"], "type": "complete"})
        elif kind != "connection_terminate":
            await websocket.close(1002, f"unexpected {kind}")

    async def _play(self, websocket, identity, is_legacy):
        if self.behaviour.decline:
            error = [{"message": self.behaviour.decline}]  # a list in both protocols, as Stash sends it
            await websocket.send_json({"id": identity, "type": "error", "payload": error})
            await websocket.send_json({"id": identity, "type": "complete"})
            return
        begin = float("-inf") if self._began is None else self.position
        self._began = self._began or time.monotonic()
        ends = [(at, how) for at, how in self._cuts if at > begin]
        for at, payload in self.messages:
            if at < begin:
                continue
            if ends and at >= ends[0][0]:
                await self._until(ends[0][0])
                if ends[0][1] == "complete":
                    await websocket.send_json({"id": identity, "type": "complete"})
                else:
                    self._abort()
                return
            await self._until(at)
            self.sent_count += 1
            data = {"id": identity, "type": "data" if is_legacy else "next", "payload": {"data": payload}}
            await websocket.send_json(data)

    async def _until(self, at):
        await asyncio.sleep(max((at - self.position) / self.behaviour.speed, 0))
