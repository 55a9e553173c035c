"""Fetches one page of metrics, with limits on its time and size. Standard library only."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import suppress
from typing import NamedTuple

from stashbench.collect.exporter.address import ExporterAddress

LARGEST_PAGE_BYTES = 8 << 20  # a machine with hundreds of disks tells one megabyte
TIMEOUT_SECONDS = 5.0
_CHUNK_BYTES = 1 << 16
_HTTP_OK, _REDIRECTS, _FORBIDDEN = 200, range(300, 400), {401, 403, 407}


class ScrapeError(Exception):
    """No page of metrics was had; the message is the reason, as the end of a sentence. Never leaves this package."""


class Source(NamedTuple):
    """Where to fetch, and how its certificate is judged."""

    address: ExporterAddress
    ca_file: str | None = None
    is_insecure: bool = False


class _Watchdog:
    """Breaks a connection off when its time is up: a limit on each read would let a server drip for hours."""

    def __init__(self, timeout_seconds: float) -> None:
        self.has_barked = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(timeout_seconds, self._bark)
        self._timer.daemon = True
        self._timer.start()

    def guard(self, connected: socket.socket) -> None:
        """Take charge of a socket; the connection itself forgets it when the answer begins."""
        self._socket = connected
        if self.has_barked:
            self._bark()

    def stop(self) -> None:
        """Time has not run out."""
        self._timer.cancel()

    def _bark(self) -> None:
        self.has_barked = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def fetch_page(source: Source, timeout_seconds: float = TIMEOUT_SECONDS) -> str:
    """Fetch a page within a time limit that covers all of it, however slowly it drips.

    Raises:
        ScrapeError: nothing answers, or not in time, or not with a page of plain text that is small enough.
    """
    connection = _connection(source, timeout_seconds)
    watchdog = _Watchdog(timeout_seconds)
    try:
        connection.connect()
        watchdog.guard(connection.sock)
        headers = {"Accept": "text/plain;version=0.0.4", "Accept-Encoding": "identity", "Connection": "close"}
        connection.request("GET", source.address.path, headers=headers)
        body = _read(connection.getresponse())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ScrapeError(_reason(error, timeout_seconds, was_late=watchdog.has_barked)) from error
    finally:
        watchdog.stop()
        connection.close()
    if watchdog.has_barked:
        raise ScrapeError(_too_late(timeout_seconds))
    if body.lstrip()[:1] == b"<":
        message = "answers with a web page instead of metrics"
        raise ScrapeError(message)
    return body.decode("utf-8", "replace")


def _connection(source: Source, timeout_seconds: float) -> http.client.HTTPConnection:
    address = source.address
    if not address.is_tls:
        return http.client.HTTPConnection(address.host, address.port, timeout=timeout_seconds)
    import ssl

    try:
        context = ssl.create_default_context(cafile=source.ca_file)
    except OSError as error:
        message = f"cannot be asked: the certificate authority {source.ca_file} cannot be read ({error.strerror})"
        raise ScrapeError(message) from error
    if source.is_insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(address.host, address.port, timeout=timeout_seconds, context=context)


def _read(response: http.client.HTTPResponse) -> bytes:
    with response:
        if response.status in _REDIRECTS:
            message = "sends us to another address; name the one it is really at"
            raise ScrapeError(message)
        if response.status in _FORBIDDEN:
            message = "asks for a log-in, which we have none for"
            raise ScrapeError(message)
        if response.status != _HTTP_OK:
            message = f"answers with HTTP status {response.status}"
            raise ScrapeError(message)
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            message = "answers packed, which we did not ask for"
            raise ScrapeError(message)
        if "html" in response.headers.get("Content-Type", "").lower():
            message = "answers with a web page instead of metrics"
            raise ScrapeError(message)
        parts: list[bytes] = []
        size = 0
        while part := response.read(_CHUNK_BYTES):
            parts.append(part)
            size += len(part)
            if size > LARGEST_PAGE_BYTES:
                message = f"answers with more than {LARGEST_PAGE_BYTES >> 20} MiB"
                raise ScrapeError(message)
    return b"".join(parts)


def _reason(error: Exception, timeout_seconds: float, *, was_late: bool) -> str:
    if was_late or isinstance(error, TimeoutError):
        return _too_late(timeout_seconds)
    if isinstance(error, ConnectionRefusedError):
        return "does not answer: nothing listens there"
    if type(error).__name__ == "SSLCertVerificationError":
        return "shows a certificate that this machine does not trust; give its authority with --stash-ca-file"
    if isinstance(error, OSError):
        return f"does not answer ({error.strerror or 'the connection broke off'})"
    return "does not answer as a web server does"


def _too_late(timeout_seconds: float) -> str:
    return f"did not answer within {timeout_seconds:g} s"
