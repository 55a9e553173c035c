from __future__ import annotations

import pytest
import websockets
from websockets.sync.client import connect

KEY = "eyJ.correct.key"
JSON = {"Content-Type": "application/json"}
QUERY = b'{"query": "{systemStatus{status}}"}'


@pytest.fixture(scope="module")
def guarded(run_server):
    with run_server("--api-key-env", "THE_KEY", environment={"THE_KEY": KEY}) as server:
        yield server


def websocket_url(server, query=""):
    return server.url.replace("http", "ws") + "/graphql" + query


def test_the_right_key_opens(guarded):
    assert guarded.request("POST", "/graphql", QUERY, {**JSON, "ApiKey": KEY})[0] == 200
    assert guarded.request("POST", f"/graphql?apikey={KEY}", QUERY, JSON)[0] == 200


@pytest.mark.parametrize("headers", [{"ApiKey": "wrong"}, {"ApiKey": KEY + "x"}, {}])
def test_a_wrong_or_missing_key_is_refused(guarded, headers):
    status, answered, body = guarded.request("POST", "/graphql", QUERY, headers)
    assert (status, answered["WWW-Authenticate"], body) == (401, "FormBased", b"")


def test_a_wrong_key_is_refused_even_where_none_is_needed(server):
    assert server.request("POST", "/graphql", QUERY, JSON)[0] == 200
    status, headers, body = server.request("POST", "/graphql", QUERY, {"ApiKey": "anything"})
    assert (status, headers["WWW-Authenticate"], body) == (401, "FormBased", b"")
    assert server.request("POST", "/graphql?apikey=anything", QUERY)[0] == 401


def test_pages_lead_to_the_login(guarded):
    status, headers, _ = guarded.request("GET", "/scene/1/screenshot?t=1")
    assert (status, headers["Location"]) == (302, "/login?returnURL=%2Fscene%2F1%2Fscreenshot%3Ft%3D1")
    assert guarded.request("GET", "/scene/1_sprite.jpg")[0] == 401
    assert guarded.request("GET", "/login")[0] == 200


def test_the_heartbeat_needs_no_key(guarded):
    assert guarded.request("GET", "/healthz")[2] == b"."
    assert guarded.request("GET", "/healthz", headers={"ApiKey": "wrong"})[2] == b"."


def test_a_websocket_needs_the_key_in_its_handshake(guarded):
    for headers in ({"ApiKey": "wrong"}, {}):
        with (
            pytest.raises(websockets.InvalidStatus) as refused,
            connect(websocket_url(guarded), additional_headers=headers, subprotocols=["graphql-transport-ws"]),
        ):
            pass
        assert refused.value.response.status_code == 401
        assert refused.value.response.headers["WWW-Authenticate"] == "FormBased"
    for headers, query in (({"ApiKey": KEY}, ""), ({}, f"?apikey={KEY}")):
        with connect(websocket_url(guarded, query), additional_headers=headers) as socket:
            socket.send('{"type": "connection_init"}')
            assert socket.recv(5) == '{"type":"connection_ack"}'


def test_the_key_is_nowhere_to_be_seen(guarded):
    with open(f"/proc/{guarded.pid}/cmdline", "rb") as file:  # noqa: PTH123 - not a path of ours
        assert KEY.encode() not in file.read()
    assert KEY not in str(guarded.data("{logs{message} configuration{general{databasePath}}}", ApiKey=KEY))
