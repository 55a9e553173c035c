"""A real HTTP server that answers as told, so that probes meet sockets and errors as they are."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stashbench.stash.client import StashClient


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.request_count += 1
        number = self.server.request_count
        document = {"data": {"systemStatus": {"status": "OK"}}}
        if self.server.fails(number):
            document = {"data": None, "errors": [{"message": f"failure {number}", "path": ["systemStatus"]}]}
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as http:
        http.daemon_threads = True
        http.request_count = 0
        http.fails = lambda number: False
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield http
        http.shutdown()
        thread.join()


@pytest.fixture
def client(server):
    with StashClient(f"http://127.0.0.1:{server.server_address[1]}") as client:
        yield client


@pytest.fixture
def status(client):
    return client.prepare("{ systemStatus { status } }")
