"""Hostile and broken answers: each ends soon and with a reason."""

from __future__ import annotations

import gzip
import socket
import time

import pytest

from stashbench.collect.exporter import scrape
from stashbench.collect.exporter.address import parse_address
from stashbench.collect.exporter.scrape import ScrapeError, Source, fetch_page


def refusal(source, timeout_seconds=5.0):
    with pytest.raises(ScrapeError) as caught:
        fetch_page(source, timeout_seconds)
    return str(caught.value)


def test_a_page_is_fetched_and_nothing_of_ours_is_told(source, told):
    told.body = b"node_load1 1\n"
    assert fetch_page(source) == "node_load1 1\n"
    ((path, headers),) = told.requests
    assert path == "/metrics"
    assert set(headers) == {"Host", "Accept", "Accept-Encoding", "Connection"}


@pytest.mark.parametrize(
    ("status", "headers", "body", "words"),
    [
        (302, {"Location": "http://127.0.0.1:1/"}, b"", "sends us to another address"),
        (401, {}, b"", "asks for a log-in"),
        (503, {}, b"", "HTTP status 503"),
        (200, {"Content-Type": "text/html"}, b"node_load1 1\n", "a web page"),
        (200, {}, b"  <!doctype html>", "a web page"),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(b"node_load1 1\n"), "packed"),
    ],
)
def test_answers_that_are_no_metrics(source, told, status, headers, body, words):
    told.status, told.body = status, body
    told.headers = {**told.headers, **headers}
    assert words in refusal(source)
    assert len(told.requests) == 1  # redirects are not followed


def test_an_endless_answer_is_cut_off(source, told, monkeypatch):
    monkeypatch.setattr(scrape, "LARGEST_PAGE_BYTES", 1 << 20)

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        while not told.is_over.is_set():
            try:
                handler.wfile.write(b"node_load1 1\n" * 5000)
            except OSError:
                return

    told.answer = endless
    assert "more than 1 MiB" in refusal(source)


@pytest.mark.parametrize("is_in_header", [True, False])
def test_an_answer_that_drips_is_given_up(source, told, is_in_header):
    def drip(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"X-Slow: " if is_in_header else b"\r\n"))
        while not told.is_over.wait(0.05):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return

    told.answer = drip
    began = time.monotonic()
    assert refusal(source, 0.4) == "did not answer within 0.4 s"
    assert time.monotonic() - began < 3


def test_nobody_there_and_nobody_answering():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        silent = Source(parse_address(f"http://127.0.0.1:{port}"))
        assert refusal(silent, 0.2) == "did not answer within 0.2 s"
    assert "nothing listens there" in refusal(silent)


@pytest.mark.parametrize(
    "greeting", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000 + b"\r\n\r\n", b""]
)
def test_another_protocol_is_no_web_server(greeting):
    import threading

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def greet():
            arrived, _ = listener.accept()
            with arrived:
                arrived.sendall(greeting)
                arrived.settimeout(5)
                try:
                    arrived.recv(1000)
                except OSError:
                    return

        helper = threading.Thread(target=greet)
        helper.start()
        assert "does not answer" in refusal(Source(parse_address(f"http://127.0.0.1:{port}")))
        helper.join()


def test_a_certificate_authority_that_is_missing_is_said(tmp_path):
    source = Source(parse_address("https://127.0.0.1:1"), ca_file=str(tmp_path / "none.pem"))
    assert "none.pem cannot be read" in refusal(source)
