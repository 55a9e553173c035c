"""The plugin as pytest sees it: options, marks, and when a session is not ours."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request

import pytest

from stashbench.harness.keys import SESSION_KEY

CHECK = """
import pytest

@pytest.mark.audit(id="one", category="api", severity="warning", warning=1)
def test_one(audit):
    audit.judge(0, message="fine")
"""


@pytest.fixture
def run(tmp_path):
    def finish(*arguments):
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)

    return finish


def test_options_and_fixtures_are_in_the_help(run):
    text = run("--help").stdout
    for option in (
        "--stash-url",
        "--stash-api-key",
        "--stash-database",
        "--stash-fault",
        "--fail-on",
        "--allow-writes",
    ):
        assert option in text
    assert "audit(id, category, severity" in run("--markers").stdout
    fixtures = run("--fixtures").stdout
    for name in ("target", "stash", "library", "measure", "audit", "resources", "database_facts", "configuration"):
        assert f"\n{name}" in fixtures


def test_workers_refuse_to_share_an_audit(run, tmp_path):
    (tmp_path / "test_it.py").write_text(CHECK)
    done = run("-n", "1", "test_it.py", "--stash-url", "http://127.0.0.1:1")
    assert done.returncode == 1, done.stdout
    assert "run it without -n" in done.stdout
    assert not (tmp_path / "reports").exists()


def test_a_suite_that_cannot_be_collected_opens_no_target(run, tmp_path):
    (tmp_path / "test_it.py").write_text(CHECK)
    (tmp_path / "test_broken.py").write_text("import no_such_module\n")
    done = run("--stash-url", "http://127.0.0.1:1")
    assert done.returncode == 2, done.stdout
    assert "no_such_module" in done.stdout
    assert "127.0.0.1:1" not in done.stdout


def test_a_check_without_its_mark_says_what_it_lacks(run, tmp_path):
    (tmp_path / "test_it.py").write_text(CHECK.replace(', severity="warning"', ""))
    done = run("--stash-library", "50")
    assert done.returncode == 1, done.stdout
    assert "test_it.py::test_one: the audit mark lacks severity" in done.stdout


def answer_seconds(url):
    body = b'{"query": "query V { version { version } }"}'
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    begin = time.monotonic()
    with urllib.request.urlopen(request) as answer:
        assert b"v0.30.1" in answer.read()
    return time.monotonic() - begin


def test_a_server_with_faults_is_there_for_any_test_and_makes_no_audit_of_it(embedded_server, pytestconfig):
    healthy = embedded_server(scene_count=30)
    slow = embedded_server("latency=version:400", scene_count=30)
    assert healthy.url != slow.url
    assert answer_seconds(slow.url) >= 0.4
    assert min(answer_seconds(healthy.url) for _ in range(5)) < 0.4
    assert SESSION_KEY not in pytestconfig.stash
