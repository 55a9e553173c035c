"""Reads one HTTP answer from a socket: the usual ones in a few steps, whatever else by Python's own client.

Python's reads headers with a parser for e-mail, which takes longer than some servers take for a whole answer. Of the
usual kind is an answer of HTTP/1.1 with a plain head and a length or chunks; as soon as anything is different, the
bytes that have come are handed to `http.client`, which then says what the answer is, or what is wrong with it.
"""

from __future__ import annotations

import http.client
import io
import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, cast

from stashbench.stash.credentials import HiddenBytes
from stashbench.stash.sockets import READ_BUFFER_BYTES, DeadlineReader, remaining_seconds

if TYPE_CHECKING:
    import socket

    from _typeshed import WriteableBuffer

_HEAD_END = b"\r\n\r\n"
_HEAD = re.compile(rb"HTTP/1\.1 ([2-5][0-9]{2})(?: [^\r\n]*)?((?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\x00]*){0,64})")
_FRAMING = re.compile(rb"\r\n(content-length|transfer-encoding|connection):([^\r\n]*)", re.IGNORECASE)
_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
_SIZE_LINE_BYTES = 10
_BODILESS = (204, 304)
_MOST_BYTES = 1 << 26
_LENGTH_DIGITS = 8


class HttpAnswer:
    """An answer read to its end: `will_close` says that no other can follow on this connection."""

    def __init__(self, status: int, body: bytes, head: HiddenBytes, *, will_close: bool) -> None:
        self.status = status
        self.body = body
        self.will_close = will_close
        self._head = head

    @cached_property
    def headers(self) -> http.client.HTTPMessage:
        """The headers, read when somebody asks for them, which is outside of what is timed."""
        return http.client.parse_headers(io.BytesIO(self._head))


def read_answer(sock: socket.socket, deadline: float, method: str) -> HttpAnswer:
    """Read the answer to a request of ours.

    Raises:
        TimeoutError: it was not complete at the deadline (of `time.monotonic`).
        OSError, http.client.HTTPException: it broke off, or is no answer of HTTP.
    """
    came = _Came(sock, deadline)
    came.receive()
    return _read_usual(came) or _read_any(came, method)


class _Came:
    """What has come of an answer, `data`, and where more comes from."""

    __slots__ = ("data", "deadline", "is_over", "sock")

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self.sock = sock
        self.deadline = deadline
        self.data = bytearray()
        self.is_over = False

    def receive(self) -> bool:
        """Wait for more; say whether any came before the connection's end."""
        self.sock.settimeout(remaining_seconds(self.deadline))
        part = self.sock.recv(READ_BUFFER_BYTES)
        self.data += part
        self.is_over = not part
        return bool(part)

    def receive_up_to(self, size: int) -> bool:
        """Wait until `size` bytes have come; say whether they did before the connection's end."""
        while len(self.data) < size:
            if not self.receive():
                return False
        return True

    def part(self, begin: int, end: int) -> bytes:
        """Return some of what has come."""
        with memoryview(self.data) as view:
            return bytes(view[begin:end])


def _read_usual(came: _Came) -> HttpAnswer | None:
    """Return an answer of the usual kind; None for any other, of which `came` has kept every byte."""
    end = came.data.find(_HEAD_END)
    head = _HEAD.fullmatch(came.data, 0, end) if end > 0 else None
    if head is None:
        return None
    status, lines = int(head[1]), bytes(head[2])
    found = _FRAMING.findall(lines)
    framing = {name.lower(): value.strip(b" \t").lower() for name, value in found}
    if len(framing) != len(found) or status in _BODILESS:
        return None
    read = _read_body(came, end + len(_HEAD_END), framing)
    if read is None:
        return None
    body, size = read
    # What follows an answer nobody asked for: the next one must not be taken from it.
    will_close = b"close" in framing.get(b"connection", b"") or len(came.data) > size
    return HttpAnswer(status, body, HiddenBytes(lines[2:] + _HEAD_END), will_close=will_close)


def _read_body(came: _Came, begin: int, framing: Mapping[bytes, bytes]) -> tuple[bytes, int] | None:
    """Return a body and where it ended; None where its length is told in no usual way."""
    length, coding = framing.get(b"content-length"), framing.get(b"transfer-encoding")
    if coding == b"chunked" and length is None:
        return _read_chunks(came, begin)
    if coding is not None or length is None or not length.isdigit() or len(length) > _LENGTH_DIGITS:
        return None
    size = begin + int(length)
    return (came.part(begin, size), size) if came.receive_up_to(size) else None


def _read_chunks(came: _Came, begin: int) -> tuple[bytes, int] | None:
    """Return a chunked body and where it ended; None where it is not of the plain form."""
    parts: list[bytes] = []
    place = begin
    while True:
        while (line := _SIZE_LINE.match(came.data, place)) is None:
            if len(came.data) - place >= _SIZE_LINE_BYTES or not came.receive():
                return None
        size = int(line[1], 16)
        after = line.end() + size
        if size > _MOST_BYTES or not came.receive_up_to(after + 2) or came.data[after : after + 2] != b"\r\n":
            return None
        if size == 0:
            return b"".join(parts), after + 2
        parts.append(came.part(line.end(), after))
        place = after + 2


class _Replaying(io.RawIOBase):
    """Reads what has come already, and then the rest from the socket."""

    def __init__(self, came: _Came) -> None:
        super().__init__()
        self._data = bytes(came.data)
        self._rest = DeadlineReader(came.sock, came.deadline)
        self._is_over = came.is_over

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if self._data:
            view = memoryview(buffer)
            count = min(len(view), len(self._data))
            view[:count] = self._data[:count]
            self._data = self._data[count:]
            return count
        return 0 if self._is_over else self._rest.readinto(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Give `http.client.HTTPResponse` its buffered view of this stream."""
        return io.BufferedReader(self, READ_BUFFER_BYTES)


def _read_any(came: _Came, method: str) -> HttpAnswer:
    # HTTPResponse asks of its socket only `makefile`.
    response = http.client.HTTPResponse(cast("socket.socket", _Replaying(came)), method=method)
    try:
        response.begin()
        body = response.read()
    except MemoryError:
        # Python's client makes room for whatever length it is told. No answer of that size is going to come.
        response.close()
        raise http.client.IncompleteRead(bytes(came.data)) from None
    except BaseException:
        # Left to the garbage collector, a response may find its file closed before it, and Python 3.13 says so.
        response.close()
        raise
    answer = HttpAnswer(response.status, body, HiddenBytes(b""), will_close=response.will_close)
    answer.headers = response.headers
    return answer
