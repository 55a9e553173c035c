"""Sockets that keep one deadline over name look-up, connecting, handshake, sending and reading."""

from __future__ import annotations

import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING

from stashbench.errors import TargetUnreachableError
from stashbench.stash.tls import explain_tls

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from stashbench.stash.address import ServerAddress

READ_BUFFER_BYTES = 1 << 16
AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int] | tuple[str, int, int, int]]


def remaining_seconds(deadline: float) -> float:
    """Return the time left until a `time.monotonic` deadline; raise TimeoutError when it has passed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class DeadlineReader(io.RawIOBase):
    """Reads from a socket under an overall deadline: a server that drips bytes is stopped like one that is silent."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._socket = sock
        self._deadline = deadline

    def readable(self) -> bool:
        """Say that this stream can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what is there into the buffer; 0 at the end. Raises TimeoutError at the deadline."""
        self._socket.settimeout(remaining_seconds(self._deadline))
        return self._socket.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Give `http.client.HTTPResponse` its buffered view of this stream."""
        return io.BufferedReader(self, READ_BUFFER_BYTES)


def connect(address: ServerAddress, context: ssl.SSLContext | None, deadline: float) -> socket.socket:
    """Open a connection, trying each address of the host in turn, with Nagle's delay off.

    Raises:
        TargetUnreachableError: the name is unknown, nothing listens, or TLS fails; the message says which.
        TimeoutError: the deadline passed.
    """
    candidates = _resolve(address, deadline)
    failure: OSError | None = None
    for index, (family, kind, protocol, _, where) in enumerate(candidates):
        sock = socket.socket(family, kind, protocol)
        try:
            # A silent first address must leave time for the next one.
            sock.settimeout(remaining_seconds(deadline) / (len(candidates) - index))
            sock.connect(where)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if context is None:
                return sock
            sock.settimeout(remaining_seconds(deadline))
            return context.wrap_socket(sock, server_hostname=address.host)
        except ssl.SSLError as error:
            sock.close()
            raise TargetUnreachableError(explain_tls(address, error)) from error
        except OSError as error:
            sock.close()
            failure = error
    if isinstance(failure, TimeoutError):
        raise failure
    raise TargetUnreachableError(_explain_refusal(address, failure)) from failure


def _explain_refusal(address: ServerAddress, error: OSError | None) -> str:
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing listens at {address.url}: start Stash, or correct --stash-url."
    if isinstance(error, ConnectionResetError):
        return f"The connection to {address.url} was cut while it was opened: check the port and what runs there."
    reason = (error.strerror or type(error).__name__) if error else "no address to try"
    return f"{address.url} cannot be reached ({reason}): check the network and --stash-url."


def _resolve(address: ServerAddress, deadline: float) -> list[AddressInfo]:
    """Look the host up in a thread of its own, because the system's resolver knows no deadline."""
    try:
        ipaddress.ip_address(address.host)
    except ValueError:
        answers: queue.SimpleQueue[list[AddressInfo] | Exception] = queue.SimpleQueue()
        threading.Thread(target=lambda: answers.put(_look_up(address)), name="name-look-up", daemon=True).start()
        try:
            answer = answers.get(timeout=remaining_seconds(deadline))
        except queue.Empty:
            raise TimeoutError from None
    else:
        answer = _look_up(address)
    if isinstance(answer, Exception):
        message = f"The host name {address.host!r} is not known: check its spelling in --stash-url and your network."
        raise TargetUnreachableError(message) from answer
    return answer


def _look_up(address: ServerAddress) -> list[AddressInfo] | Exception:
    try:
        return socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)  # type: ignore[return-value]
    except (OSError, UnicodeError) as error:
        return error
