"""The key stays with us: under a failing test, a server that quotes it back, a wrong option, and on a command line."""

from __future__ import annotations

import base64
import json

import pytest

CRASH = """
from stashbench.errors import RequestError

@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash, target):
    client, connection, document = stash, stash.connection, "query Boom { systemStatus { status } }"
    try:
        stash.execute(document)
    except RequestError as error:
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
