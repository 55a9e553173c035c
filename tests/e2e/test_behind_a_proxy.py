"""A user's server behind a reverse proxy: encrypted, below a path, with user name and password, all at once."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from urllib.parse import quote, quote_plus

import pytest

from stashbench.cli import main
from stashbench.model.secret import Secret
from stashbench.target.server import ServerOptions, running_server

pytestmark = pytest.mark.slow

NAME = "canary+name/Zq8"
PASSWORD = 'canary+Zq8/xW7=&<"word> ü'
LOGIN = {"STASH_USERNAME": NAME, "STASH_PASSWORD": PASSWORD}
CHECK = """
@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash):
    audit.judge(1, message="fine")
"""


@pytest.fixture(scope="module")
def locked(poisoned_library):
    """A server that wants a log-in."""
    options = ServerOptions(database=poisoned_library, username=Secret(NAME), password=Secret(PASSWORD))
    with running_server(options) as running:
        yield running


@pytest.fixture(scope="module")
def front(locked, proxy, authority):
    with proxy(locked.url, context=authority.context(), base_path="/stash").running() as between:
        yield between


@pytest.fixture(scope="module")
def whole(front, authority, execute, tmp_path_factory):
    """One quick audit with all default suites."""
    folder = tmp_path_factory.mktemp("proxied")
    before = len(front.seen)
    run = execute(
        folder, "stashbench", "audit", "--quick", "--stash-url", front.url, "--stash-ca-file", authority.file, **LOGIN
    )
    seen = front.seen[before:]
    return SimpleNamespace(run=run, seen=seen, result=json.loads((run.run_folder / "result.json").read_bytes()))


def spellings(secret):
    coded = base64.b64encode(secret.encode()).decode()[:-4]
    return {form.encode() for form in (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret), coded)}


def test_the_audit_measured_every_page_and_reached_the_log_and_the_images(whole):
    assert whole.run.status == 0, whole.run.said
    outcomes = {item["id"]: item["outcome"] for item in whole.result["measurements"]}
    assert "failed" not in outcomes.values(), outcomes
    assert outcomes["scene-cover"] == "ok", outcomes
    reaches = {reach["facility"]: reach for reach in whole.result["target"]["reaches"]}
    assert reaches["api"]["reason"].endswith("let in by a session, logged in with user name and password")
    assert all(reaches[name]["is_available"] for name in ("api", "sql-log", "jobs", "media"))
    assert any((item.get("statements") or item.get("trace")) for item in whole.result["measurements"])
    assert not any("session" in warning or "certificate" in warning for warning in whole.result["warnings"])


def test_everything_went_below_the_path_and_the_password_was_sent_once(whole):
    assert all(request.target.startswith("/stash/") for request in whole.seen)
    assert [request.target for request in whole.seen].count("/stash/login") == 1
    assert {request.target.split("/")[2] for request in whole.seen} == {"graphql", "login", "scene"} | {
        request.target.split("/")[2] for request in whole.seen if request.target.endswith(("/image", "/thumbnail"))
    }
    assert any(request.method == "WS" for request in whole.seen)
    headers = {name.lower() for request in whole.seen for name, _ in request.headers}
    assert "cookie" in headers
    assert not any("forwarded" in name or name in {"authorization", "apikey"} for name in headers)


def test_neither_name_nor_password_nor_cookie_is_in_any_file_or_output(whole):
    cookies = {dict(request.headers).get("Cookie", "").partition("=")[2] for request in whole.seen} - {""}
    assert cookies
    files = [path for path in whole.run.folder.rglob("*") if path.is_file()]
    for secret in (NAME, PASSWORD, *cookies):
        for form in spellings(secret):
            assert [path for path in files if form in path.read_bytes()] == []
            assert form not in whole.run.said.encode("utf-8", "surrogateescape")
    shown = whole.result["settings"]
    assert shown["target.password"] == shown["target.username"] == "*** (environment)"


def test_children_get_none_of_it(whole):
    arguments, environments = whole.run.command_lines, whole.run.environments
    assert [line for line in arguments.values() if b"canary" in line] == []
    children = [pid for pid, line in arguments.items() if b"stashbench\0audit" not in line]
    assert children
    assert [arguments[pid] for pid in children if b"canary" in environments.get(pid, b"")] == []


def test_a_certificate_that_was_not_checked_is_said_aloud_everywhere(front, execute, suite, tmp_path):
    run = execute(
        tmp_path, "stashbench", "audit", "--suite", suite(CHECK), "--stash-url", front.url, "--stash-insecure", **LOGIN
    )
    assert run.status == 0, run.said
    words = "was not checked (--stash-insecure)"
    assert words in " ".join(run.out.split())
    assert words in " ".join((run.run_folder / "report.html").read_text().split())
    assert words in (run.run_folder / "summary.md").read_text().replace("\\", "")
    wide = {"COLUMNS": "400"}
    doctor = execute(tmp_path, "stashbench", "doctor", "--stash-url", front.url, "--stash-insecure", **LOGIN | wide)
    assert doctor.status == 0, doctor.said
    assert "its certificate was not checked" in " ".join(doctor.out.replace("│", " ").split())


def test_without_tls_there_is_no_certificate_to_speak_of(locked, execute, suite, tmp_path):
    run = execute(
        tmp_path, "stashbench", "audit", "--suite", suite(CHECK), "--stash-url", locked.url, "--stash-insecure", **LOGIN
    )
    assert run.status == 0, run.said
    assert "certificate" not in run.out + (run.run_folder / "report.html").read_text()


CASES = {
    "unknown authority": ({}, {}, 3, "is not trusted"),
    "wrong password": ({"ca": True}, {"STASH_PASSWORD": "canary-wrong"}, 3, "refuses the user name or the password"),
    "no log-in": ({"ca": True}, {"STASH_PASSWORD": "", "STASH_USERNAME": ""}, 3, "asks for an API key or a log-in"),
    "half a log-in": ({"ca": True}, {"STASH_PASSWORD": ""}, 2, "STASH_USERNAME is set, but STASH_PASSWORD is not"),
    "wrong key": ({"ca": True}, {"STASH_API_KEY": "canary-wrong"}, 3, "refuses the API key"),
    "path forgotten": ({"ca": True, "path": ""}, {}, 3, "answers with a web page"),
    "plain": ({"scheme": "http"}, {}, 3, "https://"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("program", ["doctor", "audit"])
def test_what_fails_is_one_sentence(front, authority, capfd, monkeypatch, suite, tmp_path, program, case):
    how, environment, status, words = CASES[case]
    monkeypatch.chdir(tmp_path)
    for name, value in ({"STASH_API_KEY": ""} | LOGIN | environment).items():
        monkeypatch.setenv(name, value)
    url = front.url.removesuffix("/stash") + how.get("path", "/stash")
    options = ["--stash-url", url.replace("https", how.get("scheme", "https"))]
    options += ["--stash-ca-file", str(authority.file)] if "ca" in how else []
    options += ["--quick", "--suite", str(suite(CHECK))] if program == "audit" else []
    with pytest.raises(SystemExit) as ended:
        main([program, *options])
    out, err = capfd.readouterr()
    assert ended.value.code == status, out + err
    assert words in out + err
    assert "canary" not in out + err
    assert "Traceback" not in out + err
    assert len([line for line in err.splitlines() if line.strip()]) == 1, err
    assert not (tmp_path / "reports").exists()
