"""Little real servers: each answers on a loopback socket exactly the bytes a test asks for."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def http(status=200, body=b"", content_type="application/json", extra=(), length=None):
    """The bytes of an HTTP answer; `length` lies about the body's."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body) if length is None else length}",
        *extra,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class LittleServer:
    """Calls `respond(request)` for each request; bytes are sent, None closes, an Event is waited for (a hang)."""

    respond: object
    context: object = None
    greeting: bytes = b""
    requests: list[Request] = field(default_factory=list)
    connection_count: int = 0

    def __post_init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._closing = threading.Event()
        self._open = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self):
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}"

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if self._closing.is_set():
                connection.close()
                return
            self.connection_count += 1
            self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection):
        plain = connection
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            if self.greeting:
                connection.sendall(self.greeting)
                return
            with connection.makefile("rb") as stream:
                while request := self._read(stream):
                    self.requests.append(request)
                    answer = self.respond(request)
                    for piece in answer if isinstance(answer, (list, tuple)) else [answer]:
                        if piece is None:
                            return
                        if isinstance(piece, bytes):
                            connection.sendall(piece)
                        elif self._closing.wait(piece):
                            return
        except OSError:
            pass
        finally:
            self._open.discard(plain)
            connection.close()
            plain.close()

    def _read(self, stream):
        first = stream.readline().decode("latin-1").split()
        if len(first) < 2:
            return None
        headers = {}
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers[name] = value.strip()
        return Request(first[0], first[1], headers, stream.read(int(headers.get("Content-Length", 0))))

    def drop_connections(self):
        """Close every open connection, as a server does with idle ones."""
        for connection in list(self._open):
            connection.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._closing.set()
        with socket.create_connection(("127.0.0.1", self.port)):
            pass  # wakes accept()
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)


@pytest.fixture
def serve():
    """Start a little server: `serve(respond)`; `respond` gets a request and returns what to send (see LittleServer)."""
    servers = []

    def start(respond, **options):
        answer = respond if callable(respond) else lambda _request: respond
        servers.append(LittleServer(answer, **options))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def free_port():
    """A port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def stash_answers(request, *, status="OK", stats=None, version="v0.30.1"):
    """Answer the probe's two requests as a Stash does."""
    fields = stats or {"scene_count": 3, "image_count": 2, "movie_count": 1, "scenes_size": 12.0}
    query = json.loads(request.body)["query"]
    if "ProbeServer" not in query:
        aliased = re.findall(r"(\w+): (\w+)", query)
        return http(body={"data": {"stats": {ours: fields[name] for ours, name in aliased}}})
    return http(
        body={
            "data": {
                "version": {"version": version, "hash": "abc", "build_time": ""},
                "systemStatus": {
                    "status": status,
                    "databaseSchema": 74,
                    "appSchema": 75,
                    "databasePath": "/data/stash-go.sqlite",
                    "configPath": "/data/config.yml",
                },
                "query": {"fields": [{"name": "findScenes"}, {"name": "stats"}]},
                "stats": {"fields": [{"name": name} for name in fields]},
            }
        }
    )


@pytest.fixture
def helpers():
    """The makers of answers, for tests to call."""
    return SimpleNamespace(http=http, stash_answers=stash_answers)
