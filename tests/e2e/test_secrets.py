"""Key, password and session stay with us: under a failing test, a server that quotes them, a wrong option."""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote_plus

import pytest

from stashbench.model.secret import Secret
from stashbench.target.server import ServerOptions, running_server

NAME = "canary-librarian"
PASSWORD = 'canary+Zq8/xW7=&<"word> \\ ü'
COOKIE = "MTc5NTQ1Canarycookie0-_="
LOGIN = {"STASH_USERNAME": NAME, "STASH_PASSWORD": PASSWORD}
CRASH = """
from stashbench.errors import StashbenchError

@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash, target):
    client, connection, document = stash, stash.connection, "query Boom { systemStatus { status } }"
    try:
        stash.execute(document)
    except StashbenchError as error:
        raise ValueError("chained") from error
    redaction, found = stash.redaction, vars(connection)["address"]
    raise KeyError("plain")

@pytest.mark.audit(id="two", category="api", severity="warning", warning=10)
def audit_two(audit, stash):
    prepared = stash.prepare("query Boom { systemStatus { status } }")
    stash.run(prepared)
    audit.judge(1, message="fine")
"""


def assert_nowhere(key, run):
    needles = [key, "canary+Zq8", "U2lnbmF0dXJl", base64.b64encode(key.encode()).decode()[:-4]]
    files = [path for path in run.folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for needle in needles:
        assert needle not in run.said, run.said[max(0, run.said.find(needle) - 500) :][:1000]
        assert [path for path in files if needle.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("is_failing", [False, True])
def test_tracebacks_with_all_local_variables_do_not_show_it(
    server, proxy, answer, execute, suite, tmp_path, key, is_failing
):
    def cut(request, honest):
        # A body that is shorter than announced raises deep in the transport, where the head of the request is at hand.
        headers = (("Content-Type", "application/json"), ("Transfer-Encoding", "chunked"))
        return answer(b"{}", headers=headers) if request.operation == "Boom" and is_failing else None

    folder = suite(CRASH)
    with proxy(server.url).running() as between:
        between.mischief = cut
        run = execute(
            tmp_path,
            "pytest",
            folder,
            "-vv",
            "--tb=long",
            "-l",
            "--full-trace",
            "--stash-timeout=1",
            f"--stash-url={between.url}",
            f"--stash-api-key={key}",
            "--junit-xml=own.xml",
        )
    assert run.status == 1, run.said
    assert "client     = " in run.out
    assert_nowhere(key, run)
    assert "--stash-api-key=***" in json.loads((run.run_folder / "result.json").read_bytes())["command"]


def test_a_server_that_quotes_it_back_in_any_way_does_not_get_it_into_reports(
    server, proxy, answer, execute, suite, tmp_path, key
):
    quoted = base64.b64encode(key.encode()).decode()

    def echo(request, honest):
        if request.operation == "ProbeServer":
            found = json.loads(honest())
            found["data"]["version"]["version"] = f"v0.30.1 {key}"
            return answer(json.dumps(found).encode())
        if request.operation == "Boom":
            # So that the end of the shortened message falls into the key.
            text = "x" * (275 if "long" in request.document else 10) + f" {key} {quoted}"
            return answer(json.dumps({"errors": [{"message": text, "path": [key]}]}).encode())
        return None

    folder = suite(
        """
@pytest.mark.audit(id="short", category="api", severity="warning", warning=10)
def audit_short(audit, stash):
    stash.execute("query Boom { systemStatus { status } }")

@pytest.mark.audit(id="long", category="api", severity="warning", warning=10)
def audit_long(audit, stash):
    stash.execute("query Boom { long: systemStatus { status } }")
"""
    )
    with proxy(server.url).running() as between:
        between.mischief = echo
        run = execute(tmp_path, "stashbench", "audit", "--suite", folder, "--stash-url", between.url, STASH_API_KEY=key)
    assert run.status == 1, run.said
    assert "***" in run.out
    assert_nowhere(key, run)
    assert "eyJhb" not in run.said


@pytest.fixture(scope="module")
def locked(poisoned_library):
    """A server that wants a log-in."""
    options = ServerOptions(database=poisoned_library, username=Secret(NAME), password=Secret(PASSWORD))
    with running_server(options) as running:
        yield running


def assert_login_nowhere(run, between):
    """Look for name, password and every cookie that went over the wire, in their usual spellings."""
    cookies = {dict(request.headers).get("Cookie", "").partition("=")[2] for request in between.seen} - {""}
    assert cookies, "no session was used, so this test shows nothing"
    secrets = {NAME, PASSWORD, COOKIE, *cookies}
    spelled = {form for secret in secrets for form in (json.dumps(secret)[1:-1], quote_plus(secret))}
    coded = {base64.b64encode(secret.encode()).decode()[:-4] for secret in secrets}
    files = [path for path in run.folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for needle in {*secrets, *spelled, *coded, "canary+Zq8", "Canarycookie"}:
        assert needle not in run.said, run.said[max(0, run.said.find(needle) - 500) :][:1000]
        assert [path for path in files if needle.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("how", ["answered", "broken off", "too many headers", "log-in broken off"])
def test_tracebacks_show_no_password_and_no_session(locked, proxy, answer, execute, suite, tmp_path, how):
    given = ("Set-Cookie", f"session={COOKIE}; Max-Age=3600")
    chunked = ("Transfer-Encoding", "chunked")
    lost = []

    def cut(request, honest):
        if request.target == "/login" and lost:
            return answer(b"{}", headers=(given, chunked))
        if request.operation != "Boom":
            return None
        if how == "broken off":
            return answer(b"{}", headers=(given, chunked))
        if how == "too many headers":
            # Read line by line into variables of http.client, and then refused.
            return answer(b"{}", headers=(given, *((f"X-{number}", "x") for number in range(120))))
        if how == "log-in broken off":
            lost.append(request)
            return answer(b"", 401, (("WWW-Authenticate", "FormBased"),))
        return None

    with proxy(locked.url, mischief=cut).running() as between:
        run = execute(
            tmp_path,
            "pytest",
            suite(CRASH),
            "-vv",
            "--tb=long",
            "-l",
            "--full-trace",
            "--stash-timeout=2",
            f"--stash-url={between.url}",
            **LOGIN,
        )
    assert run.status == (3 if how == "too many headers" else 1), run.said
    assert "client     = " in run.out
    assert_login_nowhere(run, between)


def test_a_server_that_quotes_password_and_session_does_not_get_them_into_reports(
    locked, proxy, answer, execute, suite, tmp_path
):
    def echo(request, honest):
        cookie = dict(request.headers).get("Cookie", "").partition("=")[2]
        words = [form for secret in (PASSWORD, cookie) for form in (secret, base64.b64encode(secret.encode()).decode())]
        if request.operation == "ProbeServer" and cookie:
            found = json.loads(honest())
            found["data"]["version"]["version"] = f"v0.30.1 {NAME} {words[0]}"
            found["data"]["version"]["hash"] = f"{words[2]}"
            return answer(json.dumps(found).encode())
        if request.operation == "Boom":
            text = "x" * (260 if "long" in request.document else 10) + f" {NAME} " + " ".join(words)
            return answer(json.dumps({"errors": [{"message": text, "path": [cookie]}]}).encode())
        return None

    folder = suite(
        """
@pytest.mark.audit(id="short", category="api", severity="warning", warning=10)
def audit_short(audit, stash):
    stash.execute("query Boom { systemStatus { status } }")

@pytest.mark.audit(id="long", category="api", severity="warning", warning=10)
def audit_long(audit, stash):
    stash.execute("query Boom { long: systemStatus { status } }")
"""
    )
    with proxy(locked.url, mischief=echo).running() as between:
        run = execute(tmp_path, "stashbench", "audit", "--suite", folder, "--stash-url", between.url, **LOGIN)
    assert run.status == 1, run.said
    assert re.search(r"v0\.30\.1 \*\*\* \*\*\*", run.out), run.out
    assert_login_nowhere(run, between)


@pytest.mark.parametrize(
    "url",
    [
        "http://user:canary+Zq8@127.0.0.1:9",
        "http://127.0.0.1:9/?apikey=canary+Zq8",
        "http://127.0.0.1:9/graphql#apikey=canary+Zq8",
        "http:/user:canary+Zq8@127.0.0.1:9",
        "user:canary+Zq8@127.0.0.1:9",
        "ftp://user:canary+Zq8@127.0.0.1:9",
    ],
)
@pytest.mark.parametrize("program", ["doctor", "audit"])
def test_an_address_with_a_key_or_a_password_is_refused_and_not_repeated(capfd, tmp_path, monkeypatch, program, url):
    from stashbench.cli import main

    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([program, "--stash-url", url])
    out, err = capfd.readouterr()
    assert ended.value.code == 2, out + err
    assert "canary" not in out + err
    assert "Traceback" not in err
    assert list(tmp_path.rglob("*.json")) == []


def test_a_wrong_setting_beside_the_key_does_not_show_it(execute, suite, tmp_path, key):
    run = execute(
        tmp_path,
        "pytest",
        suite("def audit_one(stash): pass"),
        "--full-trace",
        "-l",
        f"--stash-api-key={key}",
        STASH_API_KEY=key,
        STASHBENCH_LIBRARY="many",
    )
    assert run.status == 2, run.said
    assert_nowhere(key, run)


def test_a_redirect_is_not_followed_and_its_target_gets_no_key(server, proxy, answer, tmp_path, key):
    from stashbench.errors import StashbenchError
    from stashbench.stash.client import StashClient

    with proxy(server.url).running() as elsewhere, proxy(server.url).running() as between:
        moved = answer(b"", 307, (("Location", f"{elsewhere.url}/graphql?key={key}\x1b[31m"),))
        between.mischief = lambda _request, _honest: moved
        with StashClient(between.url, key) as client, pytest.raises(StashbenchError) as caught:
            client.execute("{ version { version } }")
        assert elsewhere.seen == []
    assert key not in str(caught.value)
    assert "\x1b" not in str(caught.value)
