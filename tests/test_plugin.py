"""The plugin as pytest sees it: options, marks, and when a session is not ours."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
