from __future__ import annotations

import socket
import threading
import time

import pytest

from stashbench.errors import (
    NotStashError,
    TargetNotReadyError,
    TargetRefusedError,
    TargetUnreachableError,
    UsageError,
)
from stashbench.stash.probe import probe

KEY = "eyJhbGciOi.planted.key"
PAGE = b"<!DOCTYPE html><html><body>Router</body></html>"
FORM = ("WWW-Authenticate: FormBased",)


def test_probe_tells_version_sizes_and_paths(serve, helpers):
    server = serve(helpers.stash_answers)
    facts = probe(server.url, KEY)
    assert (facts.version, facts.build, facts.status) == ("v0.30.1", "abc", "OK")
    assert (facts.schema_version, facts.app_schema_version) == (74, 75)
    assert facts.database_path == "/data/stash-go.sqlite"
    assert (facts.library.scene_count, facts.library.group_count, facts.library.scenes_bytes) == (3, 1, 12)
    assert facts.library.tag_count is None
    assert all(request.headers["ApiKey"] == KEY for request in server.requests)
    assert all("X-Forwarded-For" not in request.headers for request in server.requests)
    assert server.connection_count == 1


CASES = {
    "wrong key": ((401, b"", "text/plain", FORM), KEY, TargetRefusedError, "refuses the API key"),
    "wrong key before 0.26": ((500, b"unauthorized\n", "text/plain"), KEY, TargetRefusedError, "refuses the API key"),
    "missing key": ((401, b"", "text/plain", FORM), None, TargetRefusedError, "asks for an API key"),
    "proxy log-in": ((401, b"", "text/html", ("WWW-Authenticate: Basic realm=x",)), KEY, TargetRefusedError, "proxy"),
    "tripwire": ((403, b"", "text/plain"), KEY, TargetRefusedError, "public internet"),
    "log-in page": ((302, b"", "text/html", ("Location: /login?returnURL=x",)), None, TargetRefusedError, "log-in"),
    "other redirect": ((301, b"", "text/html", ("Location: https://x/",)), None, NotStashError, "redirects to https"),
    "web page": ((200, PAGE, "text/html"), None, NotStashError, "web page"),
    "not found page": ((404, PAGE, "text/html"), None, NotStashError, "web page"),
    "not json": ((200, b"hello", "text/plain"), None, NotStashError, "does not answer as Stash's GraphQL does"),
    "json but not graphql": ((200, {"ok": 1}), None, NotStashError, "does not answer as Stash's GraphQL does"),
    "other graphql": (
        (422, {"errors": [{"message": 'Cannot query field "systemStatus"'}], "data": None}),
        None,
        NotStashError,
        "not as Stash does",
    ),
    "graphql without stash's data": ((200, {"data": {"version": None}}), None, NotStashError, "lacks what Stash tells"),
    "gateway": ((502, PAGE, "text/html"), None, NotStashError, "proxy"),
    "plain to tls": (
        (400, b"Client sent an HTTP request to an HTTPS server.\n", "text/plain"),
        None,
        NotStashError,
        "https://",
    ),
    "gzip all the same": ((200, b"\x1f\x8b\x08..", "application/json"), None, NotStashError, "compresses"),
}


@pytest.mark.parametrize("case", CASES)
def test_probe_says_in_one_sentence_what_answers(serve, helpers, case):
    answer, key, kind, words = CASES[case]
    server = serve(helpers.http(*answer))
    with pytest.raises(kind, match=words) as caught:
        probe(server.url, key)
    message = str(caught.value)
    assert caught.value.exit_status == 3
    assert KEY not in message
    assert "\n" not in message
    assert len(message) < 400
    assert message.endswith(".")


@pytest.mark.parametrize("status", ["SETUP", "NEEDS_MIGRATION"])
def test_probe_refuses_a_server_that_is_not_ready(serve, helpers, status):
    server = serve(lambda request: helpers.stash_answers(request, status=status))
    with pytest.raises(TargetNotReadyError, match="migrated" if status == "NEEDS_MIGRATION" else "set up"):
        probe(server.url)


def test_probe_says_when_nothing_listens(free_port):
    with pytest.raises(TargetUnreachableError, match=f"Nothing listens at http://127.0.0.1:{free_port}"):
        probe(f"http://127.0.0.1:{free_port}")


def test_probe_says_when_the_name_is_unknown():
    with pytest.raises(TargetUnreachableError, match=r"'no-such-host\.invalid' is not known"):
        probe("http://no-such-host.invalid:9999")


def test_probe_gives_up_on_a_silent_server(serve):
    server = serve(60.0)
    begin = time.monotonic()
    with pytest.raises(TargetUnreachableError, match=r"no complete answer within 0\.3 s"):
        probe(server.url, timeout_seconds=0.3)
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize("part", ["header", "body"])
def test_probe_gives_up_on_a_server_that_drips(serve, helpers, part):
    whole = helpers.http(body=b"{" * 5000)
    pieces = [] if part == "header" else [whole[:-5000]]
    drops = whole if part == "header" else b"{" * 5000
    server = serve([*pieces, *(item for byte in drops for item in (bytes([byte]), 0.02))])
    begin = time.monotonic()
    with pytest.raises(TargetUnreachableError, match="no complete answer"):
        probe(server.url, timeout_seconds=0.4)
    assert time.monotonic() - begin < 2


def test_probe_gives_up_on_a_server_that_accepts_nothing():
    # A full backlog: the connection is neither taken nor refused.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.settimeout(0)
            filler.connect_ex(("127.0.0.1", port))
        begin = time.monotonic()
        with pytest.raises(TargetUnreachableError, match=r"No connection .* within 0\.4 s"):
            probe(f"http://127.0.0.1:{port}", timeout_seconds=0.4)
        assert time.monotonic() - begin < 2
        for filler in fillers:
            filler.close()


def test_probe_never_waits_longer_than_ten_seconds(serve, monkeypatch):
    monkeypatch.setattr("stashbench.stash.probe.DEADLINE_SECONDS", 0.2)
    server = serve(60.0)
    with pytest.raises(TargetUnreachableError, match=r"0\.2 s"):
        probe(server.url, timeout_seconds=500)


def test_probe_says_when_the_answer_breaks_off(serve, helpers):
    server = serve([helpers.http(body=b'{"data":', length=4000), None])
    with pytest.raises(TargetUnreachableError, match="broke off after 8 bytes"):
        probe(server.url)


def test_probe_says_when_the_connection_is_closed_unanswered(serve):
    server = serve(None)
    with pytest.raises(TargetUnreachableError, match="closed the connection without an answer"):
        probe(server.url)


def test_probe_says_when_it_is_no_http(serve):
    server = serve(b"SSH-2.0-OpenSSH_9.2\r\n")
    with pytest.raises(NotStashError, match="does not speak HTTP"):
        probe(server.url)


def test_probe_keeps_a_server_that_is_too_busy_to_count(serve, helpers):
    def respond(request):
        return helpers.stash_answers(request) if b"ProbeServer" in request.body else 60.0

    facts = probe(serve(respond).url, timeout_seconds=0.4)
    assert facts.version == "v0.30.1"
    assert facts.library.scene_count is None
    assert "no complete answer" in facts.library_reason


def test_probe_masks_a_key_that_the_server_quotes(serve, helpers):
    server = serve(helpers.http(200, {"errors": [{"message": f"bad token {KEY}"}]}))
    with pytest.raises(NotStashError, match=r"bad token \*\*\*") as caught:
        probe(server.url, KEY)
    assert KEY not in repr(caught.value.__cause__)


@pytest.mark.parametrize(
    "url",
    ["http://me:secret@host", "http://host?apikey=secret", "ftp://host", "http://host:99999", "http://", "http://[::1"],
)
def test_probe_refuses_addresses_it_cannot_use(url):
    with pytest.raises(UsageError) as caught:
        probe(url)
    assert "secret" not in str(caught.value)


def test_probe_leaves_no_thread_behind(serve, helpers):
    server = serve(helpers.stash_answers)
    before = {thread for thread in threading.enumerate() if "name-look-up" in thread.name}
    probe(server.url)
    assert {thread for thread in threading.enumerate() if "name-look-up" in thread.name} == before
