"""Tags made for a moment on a server that declines, goes away, or is left by Ctrl-C in the midst."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stashbench.collect.probes.scratch_tags import ScratchTags
from stashbench.errors import RequestError, TargetUnreachableError
from stashbench.stash.client import StashClient


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = json.dumps(self.server.answer(asked["query"], asked["variables"])).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class _Server(ThreadingHTTPServer):
    """Keeps tags by id; those in `stuck` it will not remove."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tags = {"1": "somebody's"}
        self.stuck = set()

    def answer(self, document, variables):
        if "tagCreate" in document:
            number = str(len(self.tags) + 1)
            self.tags[number] = variables["input"]["name"]
            return {"data": {"tagCreate": {"id": number}}}
        if "tagDestroy" in document:
            number = variables["input"]["id"]
            if number in self.stuck:
                return {"errors": [{"message": "database is locked"}], "data": None}
            del self.tags[number]
            return {"data": {"tagDestroy": True}}
        found = [{"id": number, "name": name} for number, name in self.tags.items()]
        return {"data": {"findTags": {"count": len(found), "tags": found}}}


@pytest.fixture
def server():
    with _Server() as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield http
        http.shutdown()
        thread.join()


@pytest.fixture
def client(server):
    with StashClient(f"http://127.0.0.1:{server.server_address[1]}") as client:
        yield client


def test_one_tag_that_stays_keeps_no_other_one_and_is_told_by_its_name(server, client):
    server.stuck = {"2"}
    told = []
    tags = ScratchTags(client, told.append)
    for _ in range(3):
        tags.made()
    with pytest.raises(RequestError, match="locked"), tags:
        pass
    assert server.tags == {"1": "somebody's", "2": f"{tags.prefix}1"}
    assert len(told) == 1
    assert f"names begin with {tags.prefix}" in told[0]


def test_ctrl_c_stays_ctrl_c_whatever_comes_of_the_tags(server, client):
    server.stuck = {"2"}
    told = []

    def interrupted():
        with ScratchTags(client, told.append) as tags:
            tags.made()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(told) == 1


def test_a_server_that_is_gone_is_told_as_such(server, client):
    told = []
    tags = ScratchTags(client, told.append)
    tags.made()

    def gone(*_):
        message = "gone"
        raise TargetUnreachableError(message)

    client.execute = gone
    with pytest.raises(TargetUnreachableError, match="gone"), tags:
        pass
    assert "(gone)" in told[0]


def test_where_none_was_made_none_is_looked_for(client):
    client.execute = None
    with ScratchTags(client):
        pass
