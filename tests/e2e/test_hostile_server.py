"""A server that behaves like Stash and then does not: every odd answer ends in one sentence, none in a traceback."""

from __future__ import annotations

import json
import time

import msgspec
import pytest

from stashbench.collect.probes.errors import count_errors
from stashbench.collect.probes.jobs import ended_jobs
from stashbench.collect.probes.operations import prepare
from stashbench.config.target import TargetSettings
from stashbench.errors import StashbenchError
from stashbench.model.secret import Secret
from stashbench.stash.configuration import read_configuration
from stashbench.stash.jobs import job_queue
from stashbench.stash.library_sample import sample_library
from stashbench.target import open_target


def status_failures(target):
    return count_errors(target.client, [prepare(target.client, "system_status")], 1)[1]


# What an audit asks a server besides its benchmarks: which operation belongs to which step, None to opening it.
STEPS = {
    "ProbeServer": None,
    "ProbeLibrary": None,
    "OfferedApi": None,
    "FindSceneIds": None,
    "Configuration": lambda target: read_configuration(target.client, target.adapter),
    "SampleScenes": lambda target: sample_library(target.client, target.adapter),
    "SampleTags": lambda target: sample_library(target.client, target.adapter),
    "CountScenes": lambda target: sample_library(target.client, target.adapter),
    "SampleStudios": lambda target: sample_library(target.client, target.adapter),
    "SampleImages": lambda target: sample_library(target.client, target.adapter),
    "JobQueue": lambda target: job_queue(target.client),
    "RecentJobs": lambda target: ended_jobs(target.client, target.capabilities),
    "SystemStatus": status_failures,
}


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


# Each gets a value of the honest answer's data and its depth, and returns what stands there instead.
CHANGES = {
    "null for lists": lambda value, depth: None if isinstance(value, list) else value,
    "null for objects": lambda value, depth: None if isinstance(value, dict) and depth else value,
    "null for values": lambda value, depth: value if isinstance(value, dict | list) else None,
    "text for numbers": lambda value, depth: "12\x1b[31m" if is_number(value) else value,
    "numbers for text": lambda value, depth: 7 if isinstance(value, str) else value,
    "control characters": lambda value, depth: value + "\x1b]0;x\x07\x9b31m" if isinstance(value, str) else value,
    "ids that are headers": lambda value, depth: (
        "1 HTTP/1.1\r\nX-Forwarded-For: 8.8.8.8\r\nA: " if isinstance(value, str) else value
    ),
    "endless text": lambda value, depth: value * 2_000 if isinstance(value, str) else value,
    "lists for objects": lambda value, depth: [value] if isinstance(value, dict) and depth == 2 else value,
    "text for objects": lambda value, depth: "boo" if isinstance(value, dict) and depth >= 2 else value,
    "numbers for lists": lambda value, depth: 5 if isinstance(value, list) else value,
    "lists of numbers": lambda value, depth: [1, 2] if isinstance(value, list) else value,
    "empty objects": lambda value, depth: {} if isinstance(value, dict) and depth == 1 else value,
    "no data": lambda value, depth: {} if isinstance(value, dict) and not depth else value,
    "empty lists": lambda value, depth: [] if isinstance(value, list) else value,
    "huge numbers": lambda value, depth: 10**30 if is_number(value) else value,
    "negative numbers": lambda value, depth: -5 if is_number(value) else value,
}
BODIES = {
    "deep nesting": b'{"data":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    "deep error": b'{"errors":[{"message":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}]}",
    "invalid UTF-8": b'{"data":{"version":"\xff\xfe"}}',
    "lone surrogate": b'{"errors":[{"message":"\\ud800 x"}]}',
    "errors as text": b'{"errors":"boom"}',
    "errors as null": b'{"errors":[null]}',
    "path as number": b'{"errors":[{"message":"boom","path":7}]}',
    "endless path": b'{"errors":[{"message":"boom","path":["' + b"x" * 1_000_000 + b'"]}]}',
    "escapes": b'{"errors":[{"message":"\\u001b[31mboom\\u0007\\u009b\\u202e","path":["\\u001b[2J"]}]}',
    "ten megabytes": b'{"errors":[{"message":"' + b"x" * 10_000_000 + b'"}]}',
    "not a number": b'{"data":{"x":NaN}}',
    "a list": b"[]",
    "nothing": b"",
    "data as list": b'{"data":[]}',
}


def change_all(value, change, depth=0):
    changed = change(value, depth)
    if changed is not value:
        return changed
    if isinstance(value, dict):
        return {name: change_all(member, change, depth + 1) for name, member in value.items()}
    if isinstance(value, list):
        return [change_all(member, change, depth + 1) for member in value]
    return value


@pytest.fixture(scope="module")
def between(server, proxy):
    with proxy(server.url).running() as running:
        yield running


@pytest.fixture(scope="module")
def opened(between, key):
    between.mischief = None
    with open_target(TargetSettings(url=between.url, api_key=Secret(key))) as target:
        assert target.capabilities.has_query("findScenes")
        yield target


def said_by_opening(url, key, pid):
    # With the process named nobody looks for it among all of this machine, thirty times over.
    with open_target(TargetSettings(url=url, api_key=Secret(key), pid=pid)) as target:
        return [msgspec.json.encode(target.info).decode()]


@pytest.mark.parametrize("operation", STEPS)
def test_any_odd_answer_is_one_sentence_or_is_borne(server, between, opened, answer, key, operation):
    step = STEPS[operation]
    met = []

    def twisted(kind):
        def twist(request, honest):
            if request.operation != operation:
                return None
            met.append(kind)
            if kind in BODIES:
                return answer(BODIES[kind])
            found = json.loads(honest())
            found["data"] = change_all(found["data"], CHANGES[kind])
            return answer(json.dumps(found).encode())

        return twist

    for kind in [*CHANGES, *BODIES]:
        between.mischief = twisted(kind)
        begin = time.monotonic()
        try:
            if step is None:
                said = said_by_opening(between.url, key, server.pid)
            else:
                found = step(opened)
                said = list(found) if step is status_failures else []
        except StashbenchError as error:
            said = [str(error)]
        assert kind in met
        assert time.monotonic() - begin < 10, kind
        # What a target is holds two paths of up to 4,096 characters, and a dozen settings.
        assert all(len(text) < 12_000 for text in said), kind
        # JSON writes control characters out, and whoever reads it has them back.
        signs = ["\x1b", "\x07", "\x9b", "\u202e", "\r", "\\u001b", "\\u0007", "\\r"]
        assert not [sign for sign in signs if sign in "".join(said)], (kind, said)
    assert all(name.lower() != "x-forwarded-for" for request in between.seen for name, _ in request.headers)


BENCHMARKS = """
def bench_tags(measure):
    measure("tags", {"filter": {"per_page": 5}}, page="Tags", title="Tags")

def bench_stats(measure):
    measure("stats", page="Dashboard", title="Stats")

@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash):
    audit.judge(1, message="fine")
"""


@pytest.mark.parametrize("program", [("stashbench", "audit", "--quick", "--suite"), ("pytest", "--stash-quick", "-rA")])
def test_hostile_words_reach_the_report_as_text_and_the_terminal_not_at_all(
    server, proxy, answer, execute, suite, tmp_path, key, program
):
    def twist(request, honest):
        if request.operation == "ProbeServer":
            found = json.loads(honest())
            hostile = "v0.30.1 </script><img src=x onerror=alert(1)>[bold red]b[/] \x1b[31m"
            found["data"]["version"]["version"] = hostile
            return answer(json.dumps(found).encode())
        if request.operation == "Stats":
            return answer(b'{"data":{"stats":null}}')
        return answer(BODIES["escapes"]) if request.operation == "FindTags" else None

    with proxy(server.url).running() as between:
        between.mischief = twist
        run = execute(
            tmp_path, *program, suite(BENCHMARKS, "bench_x.py"), "--stash-url", between.url, STASH_API_KEY=key
        )
    assert run.status == 1, run.said
    for sign in "\x1b\x07\x9b\u202e":
        assert sign not in run.said
    assert "Traceback" not in run.said
    assert "[bold red]b[/]" in run.out, "markup was taken for markup"
    result = json.loads((run.run_folder / "result.json").read_bytes())
    assert [(item["id"], item["outcome"]) for item in result["measurements"]] == [
        ("tags", "failed"),
        ("stats", "failed"),
    ]
    assert "[U+001B]" in result["measurements"][0]["reason"]
    page = (run.run_folder / "report.html").read_text()
    assert "<img" not in page
    assert "onerror=alert(1)&gt;" in page
    for name in ("report.html", "summary.md", "junit.xml"):
        assert not any(sign in (run.run_folder / name).read_text() for sign in "\x1b\x07\x9b\u202e"), name


@pytest.mark.parametrize("command", ["doctor", "audit"])
def test_a_server_of_another_form_is_one_sentence_on_the_terminal(
    server, proxy, answer, capfd, tmp_path, monkeypatch, key, command
):
    from stashbench.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STASH_API_KEY", key)
    with proxy(server.url).running() as between:
        between.mischief = lambda request, _honest: (
            answer(b'{"data":{"__schema":{"types":null}}}') if request.operation == "OfferedApi" else None
        )
        with pytest.raises(SystemExit) as ended:
            main([command, "--stash-url", between.url])
    out, err = capfd.readouterr()
    assert ended.value.code != 0
    assert "Traceback" not in out + err
    assert "in another form than Stash does" in err
    assert len(err.strip().splitlines()) == 1, err


def test_doctor_shows_a_servers_words_as_they_are(server, proxy, answer, capfd, tmp_path, monkeypatch, key):
    from stashbench.cli import main

    def twist(request, honest):
        if request.operation != "ProbeServer":
            return None
        found = json.loads(honest())
        found["data"]["version"]["version"] = "v0.30.1 [link=http://e.test]l[/link]\x1b]8;;http://e.test\x07"
        return answer(json.dumps(found).encode())

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STASH_API_KEY", key)
    monkeypatch.setenv("COLUMNS", "300")
    with proxy(server.url).running() as between:
        between.mischief = twist
        with pytest.raises(SystemExit):
            main(["doctor", "--stash-url", between.url])
    out, _ = capfd.readouterr()
    assert "[link=http://e.test]l[/link]" in out
    assert "\x1b" not in out
    assert "\x07" not in out
