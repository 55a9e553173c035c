from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest
import websockets
from websockets.sync.client import connect

from stashbench.embedded.access import Access

NAME, PASSWORD = "librarian", "correct horse+staple/9&ü"
SECRETS = {"THE_NAME": NAME, "THE_PASSWORD": PASSWORD, "THE_KEY": "the.key"}
OPTIONS = ("--username-env", "THE_NAME", "--password-env", "THE_PASSWORD")
JSON = {"Content-Type": "application/json"}
QUERY = b'{"query": "{systemStatus{status}}"}'


@pytest.fixture(scope="module")
def guarded(run_server):
    with run_server(*OPTIONS, "--api-key-env", "THE_KEY", environment=SECRETS) as server:
        yield server


@pytest.fixture(scope="module")
def older(run_server):
    with run_server(*OPTIONS, "--refuse-as-before-026", "--session-seconds", "0.4", environment=SECRETS) as server:
        yield server


def log_in(server, name=NAME, password=PASSWORD, **headers):
    body = urlencode({"username": name, "password": password}).encode()
    return server.request("POST", "/login", body, {"Content-Type": "application/x-www-form-urlencoded", **headers})


def cookie_of(headers):
    line = headers["Set-Cookie"]
    assert line.startswith("session=")
    assert line.endswith("; SameSite=Lax")
    return line.split(";")[0]


def ask(server, cookie):
    return server.request("POST", "/graphql", QUERY, {**JSON, "Cookie": cookie})


def test_a_log_in_gives_a_session_that_each_answer_prolongs(guarded):
    status, headers, body = log_in(guarded)
    assert (status, body) == (200, b"")
    assert "Max-Age=3600" in headers["Set-Cookie"]
    status, headers, _ = ask(guarded, f"other=1; {cookie_of(headers)}")
    assert status == 200
    assert ask(guarded, cookie_of(headers))[0] == 200


def test_a_key_opens_too_and_gets_no_cookie(guarded):
    status, headers, _ = guarded.request("POST", "/graphql", QUERY, {**JSON, "ApiKey": "the.key"})
    assert (status, headers["Set-Cookie"]) == (200, None)


@pytest.mark.parametrize(("name", "password"), [(NAME, "wrong"), ("other", PASSWORD), ("", ""), (NAME, "")])
def test_a_wrong_log_in_is_refused(guarded, name, password):
    status, headers, body = log_in(guarded, name, password)
    assert (status, headers["Set-Cookie"], headers["WWW-Authenticate"]) == (401, None, None)
    assert body == b"Username or password is invalid\n"


@pytest.mark.parametrize("cookie", ["", "session=", "session=abc", "session=1.000-00", "x;;;=", 'session="\\'])
def test_without_a_session_of_its_own_the_server_is_shut(guarded, cookie):
    status, headers, _ = ask(guarded, cookie)
    assert (status, headers["WWW-Authenticate"]) == (401, "FormBased")
    status, headers, _ = guarded.request("GET", "/scene/1/screenshot", headers={"X-Forwarded-Prefix": "/stash/"})
    assert (status, headers["Location"]) == (302, "/stash/login?returnURL=%2Fstash%2Fscene%2F1%2Fscreenshot")


def test_the_form_is_shown_where_a_log_in_is_needed_and_skipped_where_not(guarded, server):
    assert b'name="password"' in guarded.request("GET", "/login")[2]
    status, headers, _ = server.request("GET", "/login", headers={"X-Forwarded-Prefix": "/stash"})
    assert (status, headers["Location"]) == (302, "/stash/")


def test_before_026_a_log_in_leads_on_a_wrong_one_shows_the_form_and_a_wrong_key_is_an_error(older):
    status, headers, _ = log_in(older)
    assert (status, headers["Location"]) == (302, "/")
    assert cookie_of(headers)
    status, headers, body = log_in(older, password="wrong")
    assert (status, headers["Set-Cookie"]) == (200, None)
    assert b"Username or password is invalid" in body
    status, headers, body = older.request("POST", "/graphql", QUERY, {**JSON, "ApiKey": "wrong"})
    assert (status, body) == (500, b"unauthorized\n")


def test_a_session_ends_when_it_is_not_used(older, wait_until):
    cookie = cookie_of(log_in(older)[1])
    deadline = time.monotonic() + 0.6
    while time.monotonic() < deadline:  # longer than it lasts, but prolonged
        status, headers, _ = ask(older, cookie)
        assert status == 200
        cookie = cookie_of(headers)
    wait_until(lambda: ask(older, "session=" + cookie.partition("=")[2])[0] == 401)


def test_a_websocket_takes_the_cookie(guarded):
    address = guarded.url.replace("http", "ws") + "/graphql"
    with pytest.raises(websockets.InvalidStatus), connect(address):
        pass
    cookie = cookie_of(log_in(guarded)[1])
    with connect(address, additional_headers={"Cookie": cookie}) as socket:
        socket.send('{"type": "connection_init"}')
        assert socket.recv(5) == '{"type":"connection_ack"}'


def test_addresses_of_images_are_those_of_the_proxy(guarded):
    headers = {"ApiKey": "the.key", "Host": "nas", "X-Forwarded-Prefix": "/stash/", "X-Forwarded-Proto": "https"}
    found = guarded.data("{findScenes(filter:{per_page:1}){scenes{id paths{screenshot}}}}", **headers)
    assert found["findScenes"]["scenes"][0]["paths"]["screenshot"].startswith("https://nas/stash/scene/")


def test_secrets_are_nowhere_to_be_seen(guarded):
    assert PASSWORD not in repr(Access(api_key="the.key", username=NAME, password=PASSWORD))
    with open(f"/proc/{guarded.pid}/cmdline", "rb") as file:  # noqa: PTH123 - not a path of ours
        assert b"horse" not in file.read()
