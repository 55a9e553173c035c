"""A server that closes its connections makes every time include a handshake: the report must say so."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

SUITE = "def bench_status(measure):\n    measure('system_status', page='every page', title='Status')\n"


class _Forgetful(BaseHTTPRequestHandler):
    """Hands requests on to the server behind it, on a connection of its own each."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        upstream = http.client.HTTPConnection(urlsplit(self.server.upstream).netloc, timeout=10)
        upstream.request("POST", self.path, body, {"Content-Type": "application/json"})
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close" if self.server.is_forgetful else "keep-alive")
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        self.send_error(404)

    def log_message(self, *arguments):
        pass


@contextmanager
def proxy(upstream, *, is_forgetful):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Forgetful) as http_server:
        http_server.daemon_threads = True
        http_server.upstream, http_server.is_forgetful = upstream, is_forgetful
        thread = threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{http_server.server_address[1]}"
        finally:
            http_server.shutdown()
            thread.join()


@pytest.mark.parametrize("is_forgetful", [True, False])
def test_times_that_hold_a_handshake_are_told(server, run_inside, suite, latest, is_forgetful):
    with proxy(server.url, is_forgetful=is_forgetful) as url:
        done = run_inside(suite(SUITE, "bench_own.py"), "--stash-url", url, "--stash-quick", "--stash-no-profile")
    assert done.returncode == 0, done.stdout
    assert sum("closed the connection between timed requests" in text for text in latest().warnings) == is_forgetful
