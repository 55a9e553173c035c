"""The short way through an answer reads what Python's own client reads, and goes wrong where that goes wrong."""

from __future__ import annotations

import http.client
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.stash import http_answer
from stashbench.stash.http_answer import read_answer

GOOD = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\ncontent-length:0\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 422\r\nContent-Type: a/b\r\nContent-Length: 2  \r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
]
ODD = [
    b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\n\r\nuntil the end",
    b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
    b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
    b"HTTP/1.1 200 OK\r\nfolded\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxyz",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nTrailer: x\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
    b"HTTP/1.1 999 X\r\nContent-Length: 1\r\n\r\nx",
    b"SSH-2.0-OpenSSH\r\n",
    b"",
]
HEADER_PIECES = [b"Content-Length: 3\r\n", b"transfer-encoding: chunked\r\n", b"Connection: close\r\n", b"X:y\r\n"]
ODD_PIECES = [
    b" folded\r\n",
    b"HTTP/1.1 500 E\r\n",
    b":",
    b"\0",
    b"\n",
    b"ffffff\r\n",
    b"\r\n",
    b"3\r\n",
    b"abc",
    b"0\r\n\r\n",
]
pieces = st.sampled_from(HEADER_PIECES + ODD_PIECES)


def both_ways(content, cuts=()):
    """Read the same bytes our way and Python's; return what each found."""
    return _read(content, cuts, _ours), _read(content, cuts, _pythons)


def _read(content, cuts, read):
    own, other = socket.socketpair()
    with own, other:
        places = sorted({min(cut, len(content)) for cut in cuts})
        for begin, end in zip([0, *places], [*places, len(content)], strict=True):
            other.sendall(content[begin:end])
        other.shutdown(socket.SHUT_WR)
        try:
            return read(own)
        except (http.client.HTTPException, OSError) as error:
            return type(error)


def _ours(sock):
    answer = read_answer(sock, time.monotonic() + 5, "POST")
    return answer.status, answer.body, sorted(answer.headers.items())


def _pythons(sock):
    with http.client.HTTPResponse(sock, method="POST") as response:
        response.begin()
        return response.status, response.read(), sorted(response.headers.items())


@pytest.mark.parametrize("content", GOOD)
def test_usual_answers_go_the_short_way(content, monkeypatch):
    monkeypatch.delattr(http_answer, "_read_any")
    ours, pythons = both_ways(content)
    assert ours == pythons
    assert isinstance(ours, tuple)


@pytest.mark.parametrize("content", ODD)
def test_odd_answers_are_what_pythons_client_says(content):
    ours, pythons = both_ways(content)
    assert ours == pythons


@given(parts=st.lists(pieces, max_size=8))
def test_whatever_comes_is_what_pythons_client_says(parts):
    ours, pythons = both_ways(b"HTTP/1.1 200 OK\r\n" + b"".join(parts))
    assert ours == pythons


@given(body=st.binary(max_size=300), size=st.integers(1, 80), is_chunked=st.booleans())
def test_any_body_arrives_whole(body, size, is_chunked):
    if is_chunked:
        chunks = [body[place : place + size] for place in range(0, len(body), size)]
        framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
        content = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed
    else:
        content = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    ours, pythons = both_ways(content)
    assert ours == pythons
    assert ours[1] == body


def test_a_length_beyond_all_memory_is_an_answer_that_broke_off():
    ours = _read(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\nhello", (), _ours)
    assert ours is http.client.IncompleteRead


def test_bytes_after_an_answer_end_the_connection():
    own, other = socket.socketpair()
    with own, other:
        other.sendall(GOOD[0] + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        answer = read_answer(own, time.monotonic() + 5, "POST")
        assert (answer.body, answer.will_close) == (b"hello", True)


def test_headers_with_a_secret_do_not_show_in_locals():
    own, other = socket.socketpair()
    with own, other:
        other.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: session=secret\r\nContent-Length: 0\r\n\r\n")
        answer = read_answer(own, time.monotonic() + 5, "POST")
        assert "secret" not in repr(vars(answer))
        assert "secret" in answer.headers["Set-Cookie"]


def test_a_head_made_to_be_slow_is_read_at_once():
    own, other = socket.socketpair()
    with own, other:
        other.sendall(b"HTTP/1.1 200 OK\r\nConnection:" + b" " * 50_000 + b"x\r\nContent-Length: 0\r\n\r\n")
        begin = time.perf_counter()
        assert read_answer(own, time.monotonic() + 5, "POST").status == 200
        assert time.perf_counter() - begin < 1.0
