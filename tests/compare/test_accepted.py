"""Settings of single pages from the file to the exit status, with real servers."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stashbench.compare.publish import read_comparison
from stashbench.model.baseline import Verdict

SUITE = Path(__file__).parent.parent.parent / "suites" / "benchmarks"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("STASH", "GITHUB_", "PYTEST_"))}
TODAY = datetime.now(UTC).date()


def compare(folder, a, b, settings):
    (folder / "stashbench.toml").write_text(settings)
    arguments = [a.url, b.url, "--budget", "2", "-k", "floor or configuration", "--suite", str(SUITE), "--no-profile"]
    command = [sys.executable, "-m", "stashbench", "compare", *arguments, "--json", "out.json", "--fail-on=regression"]
    done = subprocess.run(command, cwd=folder, env=CLEAN, capture_output=True, text=True, timeout=90, check=False)
    assert done.stderr == ""
    return done.returncode, " ".join(done.stdout.split()), read_comparison(folder / "out.json")


@pytest.fixture
def servers(shared_server):
    return shared_server(), shared_server("latency=SystemStatus:30")


def rule(until, more=""):
    return f'[[accepted]]\nbenchmark = "latency-*"\nreason = "a longer way"\nuntil = {until.isoformat()}\n{more}'


def test_an_accepted_regression_keeps_its_verdict_and_fails_nothing(servers, tmp_path):
    effects = '[effects]\ndefault = 7\n"group:server" = 8\n"benchmark:latency-floor" = 40\n'
    status, out, document = compare(tmp_path, *servers, effects + rule(TODAY))
    floor = next(item for item in document.benchmarks if item.id == "latency-floor")
    assert status == 0
    assert floor.verdict is Verdict.REGRESSED
    assert floor.accepted.startswith("a longer way (accepted until")
    assert "slower, accepted" in out
    assert "1 change is accepted by the settings" in out
    assert (floor.minimum_effect, document.minimum_effect) == (pytest.approx(1.4), pytest.approx(1.07))
    assert {item.minimum_effect for item in document.benchmarks if item is not floor} <= {1.07, 1.08}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (rule(TODAY - timedelta(days=1)), "that has expired, so it counts again"),
        (rule(TODAY, "up_to = 1.5\n"), "is accepted up to 1.5 times"),
    ],
)
def test_what_expired_or_grew_counts_and_says_why(servers, tmp_path, settings, words):
    status, out, document = compare(tmp_path, *servers, settings)
    assert status == 1
    assert words in out
    assert not any(item.accepted for item in document.benchmarks)
