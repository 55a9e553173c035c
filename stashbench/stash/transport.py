"""A lean keep-alive HTTP client for timed requests: bytes out, bytes in, nothing else on the way.

It goes straight to the server (proxy variables of the environment are not read), asks for uncompressed answers,
never follows a redirect and never sends X-Forwarded-For, which would trip Stash's guard against public addresses.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from stashbench.errors import NotStashError, RequestError, RequestTimeoutError, TargetUnreachableError, UsageError
from stashbench.model.secret import Secret
from stashbench.model.text import one_line
from stashbench.stash.address import ServerAddress
from stashbench.stash.sockets import DeadlineReader, connect, remaining_seconds, tls_context

if TYPE_CHECKING:
    import socket

DEFAULT_TIMEOUT_SECONDS = 30.0
_PATH = re.compile(r"/[!-~]*")
_PATH_LIMIT = 80


class _Request(bytes):
    """The bytes of a request; a traceback that shows local variables must not show the key in its head."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<request of {len(self)} bytes>"


class Connection:
    """One keep-alive connection to a server; not for use by two threads at once.

    `reconnect_count` counts connections opened after the first: a benchmark in which it grows timed a handshake too.
    `last_headers` are the headers of the newest answer.
    """

    def __init__(
        self,
        url: str | ServerAddress,
        *,
        api_key: Secret | str | None = None,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        ca_file: Path | None = None,
        is_insecure: bool = False,
    ) -> None:
        self.address = ServerAddress.parse(url) if isinstance(url, str) else url
        self.timeout_seconds = timeout_seconds
        self.reconnect_count = 0
        self.last_headers = http.client.HTTPMessage()
        self._socket: socket.socket | None = None
        self._was_connected = False
        self._context: ssl.SSLContext | None = None
        if self.address.is_tls:
            self._context = tls_context(ca_file=ca_file, is_insecure=is_insecure)
        common = (
            f"Host: {self.address.authority}\r\n"
            "User-Agent: stashbench\r\n"
            "Accept: */*\r\n"
            "Accept-Encoding: identity\r\n"
            f"{_key_line(api_key)}"
        )
        post = f"POST {self.address.graphql_path} HTTP/1.1\r\n{common}Content-Type: application/json\r\n"
        self._post_head = f"{post}Content-Length: ".encode("latin-1")
        self._get_tail = f" HTTP/1.1\r\n{common}\r\n".encode("latin-1")

    def post(self, body: bytes) -> tuple[int, bytes]:
        """Send one GraphQL body and read the whole answer: the timed path. Returns status and body.

        Raises:
            TargetUnreachableError: no connection could be opened.
            RequestError: the answer did not come in time, or broke off.
            NotStashError: what answers does not speak HTTP.
        """
        return self._exchange("POST", _Request(b"%b%d\r\n\r\n%b" % (self._post_head, len(body), body)))

    def get(self, path: str) -> tuple[int, bytes]:
        """Fetch one path below the server's address, such as `/scene/1/screenshot`; errors as for `post`."""
        if not _PATH.fullmatch(path):
            # Its parts come from the server, whose ids must not become headers of ours.
            message = f"{self.address.url} gave an id that no address may hold: {one_line(path, _PATH_LIMIT)}"
            raise RequestError(message)
        target = (self.address.base_path + path).encode("ascii")
        return self._exchange("GET", _Request(b"GET %b%b" % (target, self._get_tail)))

    def ensure_connected(self) -> None:
        """Open the connection now, so that a following timed request does not pay for it."""
        self._ready_socket(time.monotonic() + self.timeout_seconds)

    def close(self) -> None:
        """Close the connection; a later request opens a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _exchange(self, method: str, message: _Request) -> tuple[int, bytes]:
        deadline = time.monotonic() + self.timeout_seconds
        sock = self._ready_socket(deadline)
        # HTTPResponse asks of its socket only `makefile`, which our reader offers with a deadline.
        response = http.client.HTTPResponse(cast("socket.socket", DeadlineReader(sock, deadline)), method=method)
        try:
            sock.settimeout(remaining_seconds(deadline))
            sock.sendall(message)
            response.begin()
            body = response.read()
        except BaseException as error:
            # Left to the garbage collector, a response may find its file closed before it, and Python 3.13 says so.
            response.close()
            self.close()
            if isinstance(error, (OSError, http.client.HTTPException)):
                raise self._explain(error) from error
            raise
        self.last_headers = response.headers
        if response.will_close:
            self.close()
        return response.status, body

    def _ready_socket(self, deadline: float) -> socket.socket:
        if self._socket is not None and _is_stale(self._socket):
            self.close()
        if self._socket is None:
            try:
                self._socket = connect(self.address, self._context, deadline)
            except TimeoutError as error:
                message = (
                    f"No connection to {self.address.url} could be opened within {self.timeout_seconds:g} s: "
                    "check the address, and firewalls on the way."
                )
                raise TargetUnreachableError(message) from error
            self.reconnect_count += self._was_connected
            self._was_connected = True
        return self._socket

    def _explain(self, error: Exception) -> RequestError | NotStashError:
        url = self.address.url
        if isinstance(error, TimeoutError):
            return RequestTimeoutError(
                f"{url} gave no complete answer within {self.timeout_seconds:g} s: "
                "see whether the server is busy or hangs, or raise --stash-timeout."
            )
        if isinstance(error, http.client.IncompleteRead):
            return RequestError(
                f"The answer of {url} broke off after {len(error.partial):,} bytes: see the server's log, "
                "and the limits of a proxy before it."
            )
        if isinstance(error, (http.client.RemoteDisconnected, OSError)):
            return RequestError(f"{url} closed the connection without an answer: see the server's log for a crash.")
        return NotStashError(f"What listens at {url} does not speak HTTP: check the port in --stash-url.")


def _is_stale(sock: socket.socket) -> bool:
    """Say whether an idle connection was closed by the server, or holds bytes nobody asked for."""
    sock.settimeout(0)
    try:
        sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    return True


def _key_line(api_key: Secret | str | None) -> str:
    key = api_key.reveal() if isinstance(api_key, Secret) else (api_key or "")
    if not key:
        return ""
    if not key.isascii() or not key.isprintable():
        message = "The API key holds characters that no HTTP header may carry: copy it again from Stash's settings."
        raise UsageError(message)
    return f"ApiKey: {key}\r\n"
