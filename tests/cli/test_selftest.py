"""A real self-test of an embedded server, short: what is counted is tested elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

import stashbench
from stashbench.audit.selftest import known_selftest, selftest_or_why
from stashbench.collect.environment import collect_environment
from stashbench.store.selftests import FILE_NAME, save_selftest

SUITE = Path(__file__).parent.parent.parent / "suites" / "benchmarks"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("STASH", "GITHUB_", "PYTEST_"))}


def begin(folder, *arguments):
    command = [sys.executable, "-m", "stashbench", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=folder, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )


def run(folder, *arguments):
    with begin(folder, *arguments) as process:
        out, err = process.communicate(timeout=90)
    return process.returncode, " ".join(out.split()), " ".join(err.split())


def test_a_self_test_is_printed_kept_and_shown_again(embedded_server, tmp_path):
    server = embedded_server()
    options = ("--pairs", 2, "--budget", 10, "-k", "floor or configuration", "--suite", SUITE)
    status, out, err = run(tmp_path, "selftest", server.url, *options)
    assert (status, err) == (0, "")
    assert "of a server with itself: of " in out
    assert f"Kept in baselines/{FILE_NAME}" in out
    environment = collect_environment(None)
    kept = known_selftest(tmp_path / "baselines", environment)
    assert kept.stale == ""
    assert kept.stashbench_version == stashbench.__version__
    assert kept.pairs.total + kept.unfit_pair_count >= 1
    assert kept.wanted_pair_count == 2
    assert server.url not in (tmp_path / "baselines" / FILE_NAME).read_text()
    save_selftest(tmp_path / "baselines", msgspec.structs.replace(kept, kernel="0.1", partial_reason=""))
    status, out, _ = run(tmp_path, "doctor", "--stash-url", server.url)
    assert status == 0
    assert "Self-test of this machine" in out
    assert "This no longer holds: it was taken with kernel 0.1" in out


@pytest.mark.slow
def test_ctrl_c_ends_it_with_what_there_is(embedded_server, tmp_path):
    server = embedded_server()
    options = ("--pairs", 200, "--budget", 400, "-k", "floor", "--suite", SUITE)
    with begin(tmp_path, "selftest", server.url, *options) as process:
        deadline = time.monotonic() + 60
        for line in process.stdout:
            if "comparison 2 of 200" in line or time.monotonic() > deadline:
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "")
    assert "it was interrupted after 1 of them" in " ".join(out.split())
    assert (tmp_path / "baselines" / FILE_NAME).exists()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("nothing-there",), 2, "is no target"),
        (("http://127.0.0.1:9",), 3, "127.0.0.1:9"),
        (("--pairs", "0"), 2, "--pairs"),
        (("--suite", "missing"), 2, "there is no suite at missing"),
    ],
)
def test_what_cannot_be_tested_is_one_clear_sentence(tmp_path, arguments, status, words):
    found, _, err = run(tmp_path, "selftest", *arguments)
    assert found == status
    assert words in err
    assert "Traceback" not in err
    assert not (tmp_path / "baselines").exists()


def test_a_damaged_file_is_a_warning_of_a_run(tmp_path):
    (tmp_path / FILE_NAME).write_text("{")
    found, warnings = selftest_or_why(tmp_path, collect_environment(None))
    assert found is None
    assert FILE_NAME in warnings[0]
