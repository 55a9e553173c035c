"""Servers that are there and cannot be audited: one sentence with the next step, exit status 3, from both commands."""

from __future__ import annotations

import json
import re

import pytest

from stashbench.cli import main
from stashbench.model.secret import Secret
from stashbench.target.server import ServerOptions, running_server

NAME, PASSWORD, KEY = "canary-name", "canary+Zq8&word", "canary.the.key"
CHECK = """
@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash):
    audit.judge(1, message="fine")
"""
CHALLENGE = (("WWW-Authenticate", "FormBased"),)
# Seen on real servers: what v0.22.1 and v0.30.1 say with the tripwire set.
TRIPPED = b"Stash is exposed to the public internet without authentication, and is not serving any more content"


@pytest.fixture(scope="module")
def older(poisoned_library):
    """A server that asks for everything, and refuses as releases before v0.26 do."""
    options = ServerOptions(
        database=poisoned_library,
        api_key=Secret(KEY),
        username=Secret(NAME),
        password=Secret(PASSWORD),
        is_before_026=True,
    )
    with running_server(options) as running:
        yield running


@pytest.fixture
def say(capfd, tmp_path, monkeypatch, suite):
    """Run one of the commands; give its exit status and the one line it says to standard error."""

    def run(program, url, **environment):
        monkeypatch.chdir(tmp_path)
        for name in ("STASH_API_KEY", "STASH_USERNAME", "STASH_PASSWORD"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        options = ["--quick", "--suite", str(suite(CHECK))] if program == "audit" else []
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([program, "--stash-url", url, *options])
        out, err = capfd.readouterr()
        assert "canary" not in out + err
        assert "Traceback" not in out + err
        assert not (tmp_path / "reports").exists()
        (line,) = [line for line in err.splitlines() if line.strip()]
        return ended.value.code, line

    return run


@pytest.fixture
def between(older, proxy):
    with proxy(older.url).running() as running:
        yield running


def state(name, schema):
    """Return the honest answer of the server to a probe, but for its state."""

    def change(request, honest):
        if request.operation != "ProbeServer":
            return None
        found = json.loads(honest())
        found["data"]["systemStatus"] |= {"status": name, "databaseSchema": schema, "appSchema": 75}
        return json.dumps(found).encode()

    return change


CASES = {
    "SETUP": (state("SETUP", 0), r"has not been set up yet: open http://\S+/setup in a browser"),
    "NEEDS_MIGRATION": (state("NEEDS_MIGRATION", 48), r"\(schema 48, the server wants 75\): open http://\S+ in a"),
    "tripwire": ((TRIPPED, 403, ()), r"serves nobody \(HTTP 403\), because .* remove security_tripwire"),
    "forbidden": ((b"", 403, ()), r"forbids our requests \(HTTP 403\): .* or a proxy forbids us"),
    "moved": ((b"", 301, (("Location", "https://nas/stash/graphql"),)), r"redirects to https://nas/stash/graphql"),
    "log-in page": ((b"", 302, (("Location", "/login?returnURL=x"),)), r"sends us to its log-in page: .*path in"),
    "log-in of a proxy": ((b"", 302, (("Location", "https://sso.nas/?rd=x"),)), r"A proxy before http://\S+ asks for"),
    "proxy alone": ((b"<html>", 502, ()), r"A proxy at http://\S+ answers in Stash's place \(HTTP 502\)"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("program", ["doctor", "audit"])
def test_a_server_that_cannot_be_audited(between, answer, say, program, case):
    what, words = CASES[case]

    def mischief(request, honest):
        if isinstance(what, tuple):
            return answer(*what)
        changed = what(request, honest)
        return answer(changed) if changed else None

    between.mischief = mischief
    status, line = say(program, between.url, STASH_API_KEY=KEY)
    assert status == 3
    assert len(line) < 400
    assert re.search(words, line), line
    hosts = {dict(request.headers)["Host"] for request in between.seen}
    assert hosts == {between.url.removeprefix("http://")}, "a redirect was followed"


@pytest.mark.parametrize("program", ["doctor", "audit"])
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"STASH_API_KEY": "canary-wrong"}, "refuses the API key: copy it again"),
        ({"STASH_USERNAME": NAME, "STASH_PASSWORD": "canary-wrong"}, "refuses the user name or the password: correct"),
        ({}, "asks for an API key or a log-in: copy the key"),
    ],
)
def test_refusals_of_releases_before_026(older, say, program, environment, words):
    status, line = say(program, older.url, **environment)
    assert status == 3
    assert words in line


def test_doctor_says_how_we_were_let_in(older, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("STASH_USERNAME", NAME)
    monkeypatch.setenv("STASH_PASSWORD", PASSWORD)
    seen = []
    for url, key in ((older.url, ""), (older.url, KEY)):
        monkeypatch.setenv("STASH_API_KEY", key)
        with pytest.raises(SystemExit) as ended:
            main(["doctor", "--stash-url", url])
        assert ended.value.code in {None, 0}
        out, _ = capfd.readouterr()
        seen += [line for line in out.splitlines() if "let in" in line]
        assert "canary" not in out
    assert "let in by a session, logged in with user name and password" in seen[0]
    assert "let in by API key; user name and password were not used" in seen[1]
