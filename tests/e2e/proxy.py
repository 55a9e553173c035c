"""A proxy that writes down every byte a client sends to a server, and can turn hostile on chosen requests."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import json
import re
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Recorded:
    """One HTTP request, or one message of a websocket (method WS), as the client sent it."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def document(self) -> str:
        """The GraphQL document, or an empty text where there is none."""
        if not self.body.lstrip().startswith(b"{"):
            return ""
        found = json.loads(self.body)
        return str(found.get("query") or (found.get("payload") or {}).get("query") or "")

    @property
    def operation(self) -> str:
        """The operation's name."""
        found = re.search(r"\b(?:query|mutation|subscription)\s+(\w+)", self.document)
        return found[1] if found else ""


@dataclass(frozen=True)
class Answer:
    """What a hostile server says instead."""

    body: bytes = b"{}"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


# Given a request and, if it asks for it, the honest answer; None lets the request through untouched.
Mischief = Callable[[Recorded, Callable[[], bytes]], Answer | None]


@dataclass
class Proxy:
    """Stands before a server at `upstream`; `seen` is what came by.

    With `context` it speaks TLS, with `base_path` (`/stash`) it shows the server below that path and tells it so, as
    the reverse proxies of users do.
    """

    upstream: str
    seen: list[Recorded] = field(default_factory=list)
    mischief: Mischief | None = None
    context: ssl.SSLContext | None = None
    base_path: str = ""
    url: str = ""

    @property
    def documents(self) -> list[str]:
        return [request.document for request in self.seen if request.document]

    @contextlib.contextmanager
    def running(self) -> Iterator[Proxy]:
        with _Server(("127.0.0.1", 0), self) as server:
            scheme = "https" if self.context else "http"
            self.url = f"{scheme}://127.0.0.1:{server.server_port}{self.base_path}"
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join(5)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], proxy: Proxy) -> None:
        super().__init__(address, _Handler)
        self.proxy = proxy

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Handle a connection, behind a handshake where we speak TLS; made in the connection's own thread."""
        if self.proxy.context is None:
            super().finish_request(request, client_address)
            return
        with self.proxy.context.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away in the middle is no error of this test."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.upstream = http.client.HTTPConnection(urlsplit(self.server.proxy.upstream).netloc, timeout=30)

    def finish(self) -> None:
        self.upstream.close()
        with contextlib.suppress(OSError):
            super().finish()

    def do_POST(self) -> None:
        self._handle()

    def do_GET(self) -> None:
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._tunnel()
        else:
            self._handle()

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = Recorded(self.command, self.path, tuple(self.headers.items()), body)
        proxy = self.server.proxy
        proxy.seen.append(request)
        if not self._is_below_base():
            self.send_error(404)
            return
        answer = proxy.mischief(request, lambda: self._forward(request).body) if proxy.mischief else None
        answer = answer or self._forward(request)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def _forward(self, request: Recorded) -> Answer:
        headers = {name: value for name, value in request.headers if name.lower() != "host"}
        headers |= self._told()
        self.upstream.request(request.method, self._inner_target(), request.body or None, headers)
        response = self.upstream.getresponse()
        kept = [(name, value) for name, value in response.getheaders() if name.lower() in _KEPT]
        return Answer(response.read(), response.status, tuple(kept))

    def _is_below_base(self) -> bool:
        return self.path.startswith(f"{self.server.proxy.base_path}/")

    def _inner_target(self) -> str:
        return self.path.removeprefix(self.server.proxy.base_path)

    def _told(self) -> dict[str, str]:
        """Return what a proxy tells the server about itself."""
        proxy = self.server.proxy
        told = {"X-Forwarded-Proto": "https", "Host": self.headers["Host"]} if proxy.context else {}
        return told | ({"X-Forwarded-Prefix": proxy.base_path} if proxy.base_path else {})

    def _tunnel(self) -> None:
        """Pass a websocket through, reading along what the client sends."""
        proxy = self.server.proxy
        proxy.seen.append(Recorded("GET", self.path, tuple(self.headers.items()), b""))
        where = urlsplit(proxy.upstream)
        headers = dict(self.headers.items()) | self._told()
        lines = [f"{self.command} {self._inner_target()} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        frames = bytearray()
        with socket.create_connection((where.hostname, where.port), timeout=30) as server:
            server.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
            self.close_connection = True
            while True:
                is_buffered = isinstance(self.connection, ssl.SSLSocket) and self.connection.pending()
                ready, _, _ = select.select([self.connection, server], [], [], 0 if is_buffered else 60)
                ready = [self.connection] if is_buffered and not ready else ready
                if not ready:
                    return
                for source in ready:
                    part = source.recv(65536)
                    if not part:
                        return
                    if source is server:
                        self.connection.sendall(part)
                        continue
                    frames += part
                    proxy.seen += [Recorded("WS", self.path, (), message) for message in _messages(frames)]
                    server.sendall(part)

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


_KEPT = {"content-type", "location", "www-authenticate", "cache-control", "set-cookie"}


def _messages(frames: bytearray) -> Iterator[bytes]:
    """Take whole masked text frames off the front of what a client sent."""
    while len(frames) >= 6:
        length, offset = frames[1] & 0x7F, 2
        if length == 126:
            length, offset = struct.unpack(">H", frames[2:4])[0], 4
        elif length == 127:
            length, offset = struct.unpack(">Q", frames[2:10])[0], 10
        end = offset + 4 + length
        if len(frames) < end:
            return
        mask, payload = frames[offset : offset + 4], frames[offset + 4 : end]
        is_text = frames[0] & 0x0F == 1
        del frames[:end]
        if is_text:
            yield bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))
