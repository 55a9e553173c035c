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
from typing import TYPE_CHECKING

from stashbench.errors import NotStashError, RequestError, RequestTimeoutError, TargetUnreachableError
from stashbench.model.secret import Secret
from stashbench.model.text import one_line
from stashbench.stash.address import ServerAddress
from stashbench.stash.credentials import Credentials, HiddenBytes
from stashbench.stash.http_answer import HttpAnswer, read_answer
from stashbench.stash.sockets import connect, remaining_seconds
from stashbench.stash.tls import tls_context

if TYPE_CHECKING:
    import socket

DEFAULT_TIMEOUT_SECONDS = 30.0
_PATH = re.compile(r"/[!-~]*")
_PATH_LIMIT = 80
_REASON_LIMIT = 120


class Connection:
    """One keep-alive connection to a server; not for use by two threads at once.

    `reconnect_count` counts connections opened after the first: a benchmark in which it grows timed a handshake too.
    Instead of a key, `credentials` may be those of a session.
    """

    def __init__(
        self,
        url: str | ServerAddress,
        *,
        api_key: Secret | str | None = None,
        credentials: Credentials | None = None,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        ca_file: Path | None = None,
        is_insecure: bool = False,
    ) -> None:
        self.address = ServerAddress.parse(url) if isinstance(url, str) else url
        self.credentials = credentials or Credentials.of_key(api_key)
        self.timeout_seconds = timeout_seconds
        self.reconnect_count = 0
        self._last_answer: HttpAnswer | None = None
        self._socket: socket.socket | None = None
        self._was_connected = False
        self._has_answered = False
        self._context: ssl.SSLContext | None = None
        if self.address.is_tls:
            self._context = tls_context(ca_file=ca_file, is_insecure=is_insecure)
        self._common = (
            f"Host: {self.address.authority}\r\nUser-Agent: stashbench\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
        ).encode("latin-1")
        self._post_head = self._head_of_post(self.address.graphql_path, "application/json")

    def post(self, body: bytes) -> tuple[int, bytes]:
        """Send one GraphQL body and read the whole answer: the timed path. Returns status and body.

        Raises:
            TargetUnreachableError: no connection could be opened.
            RequestError: the answer did not come in time, or broke off.
            NotStashError: what answers does not speak HTTP.
        """
        return self._send_post(self._post_head, body)

    def post_form(self, path: str, form: HiddenBytes) -> tuple[int, bytes]:
        """Send a form's fields, already coded for URLs, to a path below the server's address; errors as for `post`."""
        return self._send_post(
            self._head_of_post(self.address.base_path + path, "application/x-www-form-urlencoded"), form
        )

    def get(self, path: str) -> tuple[int, bytes]:
        """Fetch one path below the server's address, such as `/scene/1/screenshot`; errors as for `post`."""
        if not _PATH.fullmatch(path):
            # Its parts come from the server, whose ids must not become headers of ours.
            message = f"{self.address.url} gave an id that no address may hold: {one_line(path, _PATH_LIMIT)}"
            raise RequestError(message)
        target = (self.address.base_path + path).encode("ascii")
        parts = (target, self._common, self.credentials.line)
        return self._exchange("GET", HiddenBytes(b"GET %b HTTP/1.1\r\n%b%b\r\n" % parts))

    @property
    def last_headers(self) -> http.client.HTTPMessage:
        """The headers of the newest answer, looked into when asked for: reading them is no part of what is timed."""
        return self._last_answer.headers if self._last_answer is not None else http.client.HTTPMessage()

    def ensure_connected(self) -> None:
        """Open the connection now, so that a following timed request does not pay for it."""
        self._ready_socket(time.monotonic() + self.timeout_seconds)

    def close(self) -> None:
        """Close the connection; a later request opens a new one."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _head_of_post(self, path: str, content_type: str) -> bytes:
        return b"POST %b HTTP/1.1\r\n%bContent-Type: %b\r\n" % (
            path.encode("ascii"),
            self._common,
            content_type.encode("ascii"),
        )

    def _send_post(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        parts = (head, self.credentials.line, len(body), body)
        return self._exchange("POST", HiddenBytes(b"%b%bContent-Length: %d\r\n\r\n%b" % parts))

    def _exchange(self, method: str, message: HiddenBytes) -> tuple[int, bytes]:
        deadline = time.monotonic() + self.timeout_seconds
        sock = self._ready_socket(deadline)
        try:
            sock.settimeout(remaining_seconds(deadline))
            sock.sendall(message)
            answer = read_answer(sock, deadline, method)
        except BaseException as error:
            self.close()
            if isinstance(error, (OSError, http.client.HTTPException)):
                # Its frames hold the answer's headers as they came, a session's cookie among them.
                raise self._explain(error) from error.with_traceback(None)
            raise
        self._last_answer = answer
        self._has_answered = True
        if answer.will_close:
            self.close()
        return answer.status, answer.body

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
        if isinstance(error, ssl.SSLError):
            reason = one_line(error.reason or "no reason given", _REASON_LIMIT)
            return RequestError(
                f"{url} broke off the encrypted connection ({reason}): see if it wants a certificate of ours, which "
                "stashbench has none of."
            )
        if isinstance(error, (http.client.RemoteDisconnected, OSError)):
            return RequestError(
                f"{url} closed the connection without an answer: see the server's log for a crash{self._tls_hint()}."
            )
        return NotStashError(
            f"What listens at {url} does not speak HTTP: check the port in --stash-url{self._tls_hint()}."
        )

    def _tls_hint(self) -> str:
        """A server that wants encryption may just hang up; one that has answered us before does not want it."""
        return "" if self.address.is_tls or self._has_answered else ", or try https://"


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
