"""A session that expires while an audit runs: renewed and said, and never a part of what was timed."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from stashbench.model.secret import Secret
from stashbench.target.server import ServerOptions, running_server

NAME, PASSWORD = "canary-name", "canary+Zq8&word"
LOGIN = {"STASH_USERNAME": NAME, "STASH_PASSWORD": PASSWORD}
BENCHMARKS = """
def bench_warm(measure):
    measure.document("query Warm { systemStatus { status } }", page="none", title="warm")

def bench_rounds(measure):
    measure.document("query Rounds { systemStatus { status } }", page="none", title="rounds")

def bench_image(measure, library):
    measure.get(f"/scene/{library.scene_id}/screenshot", page="none", title="image")

def bench_calm(measure):
    measure.document("query Calm { systemStatus { status } }", page="none", title="calm")

@pytest.mark.audit(id="check", category="api", severity="warning", warning=10)
def audit_check(audit, stash):
    stash.execute("query Check { systemStatus { status } }")
    audit.judge(1, message="fine")
"""
# The one request of each that comes without a valid session; the eighth is well behind the warm-up.
EXPIRES_AT = {"Warm": 1, "Rounds": 8, "Check": 1, "screenshot": 9}


@pytest.fixture(scope="module")
def locked(poisoned_library):
    options = ServerOptions(database=poisoned_library, username=Secret(NAME), password=Secret(PASSWORD))
    with running_server(options) as running:
        yield running


@pytest.fixture
def run(locked, proxy, answer, execute, suite, tmp_path):
    """Audit through a proxy in which the session has expired for the requests of EXPIRES_AT."""
    counts = Counter()

    def expire(request, honest):
        name = request.operation or request.target.rpartition("/")[2]
        counts[name] += 1
        if counts[name] != EXPIRES_AT.get(name):
            return None
        if request.method == "GET":
            return answer(b"", 302, (("Location", "/login?returnURL=%2Fx"),))
        return answer(b"", 401, (("WWW-Authenticate", "FormBased"),))

    with proxy(locked.url, mischief=expire).running() as between:
        done = execute(
            tmp_path,
            "stashbench",
            "audit",
            "--no-profile",
            "--quick",
            "--suite",
            suite(BENCHMARKS, "bench_things.py"),
            "--stash-url",
            between.url,
            **LOGIN,
        )
    assert all(counts[name] > number for name, number in EXPIRES_AT.items() if name not in {"Rounds", "screenshot"})
    return done, [request.target for request in between.seen].count("/login")


def test_it_is_renewed_and_no_time_holds_it(run):
    done, login_count = run
    assert done.status == 1, done.said  # two benchmarks failed
    result = json.loads((done.run_folder / "result.json").read_bytes())
    measured = {item["id"]: item for item in result["measurements"]}
    assert {name: item["outcome"] for name, item in measured.items()} == {
        "warm": "ok",
        "rounds": "failed",
        "image": "failed",
        "calm": "ok",
    }
    for name in ("rounds", "image"):
        assert "the session had expired; we have logged in again, so repeat it" in measured[name]["reason"]
        assert not measured[name].get("rounds_seconds")
    assert [finding["outcome"] for finding in result["findings"]] == ["passed"]
    assert login_count == 1 + len(EXPIRES_AT)
    said = [warning for warning in result["warnings"] if "the session had expired" in warning]
    assert [warning.split(":")[0] for warning in said] == ["warm", "rounds", "image", "check"]
    assert "no time in this report holds that" in " ".join(done.out.split())
    assert "canary" not in done.said
