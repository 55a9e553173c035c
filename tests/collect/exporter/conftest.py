"""A web server that answers as told, in place of a node_exporter."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest

from stashbench.collect.exporter.address import parse_address
from stashbench.collect.exporter.scrape import Source

RECORDED = Path(__file__).parents[2] / "data" / "node_exporter"


class Told:
    """What the server answers next: a body, or a function that writes the answer by itself. Keeps the requests."""

    def __init__(self):
        self.body = b""
        self.status = 200
        self.headers = {"Content-Type": "text/plain; version=0.0.4"}
        self.answer = None
        self.requests = []
        self.is_over = threading.Event()


@pytest.fixture(scope="session")
def recorded():
    """Pages of two real releases, recorded on a virtual machine with one disk."""
    return {path.stem: path.read_text() for path in sorted(RECORDED.glob("*.txt"))}


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def exporter(told):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            told.requests.append((self.path, dict(self.headers)))
            if told.answer is not None:
                told.answer(self)
                return
            self.send_response(told.status)
            for name, value in {**told.headers, "Content-Length": str(len(told.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_):
            """Keep quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        serving.daemon_threads = True
        threading.Thread(target=serving.serve_forever, args=(0.05,), daemon=True).start()
        yield parse_address(f"http://127.0.0.1:{serving.server_port}")
        told.is_over.set()
        serving.shutdown()


@pytest.fixture
def source(exporter):
    return Source(exporter)
