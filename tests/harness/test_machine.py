"""What an audit sees of the machine, and how it waits for a quiet one; the command line with a real server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from stashbench.collect.process_clock import ProcessClock, can_read_clocks
from stashbench.harness.machine import AuditedMachine
from stashbench.harness.progress import Silent, TellsOfWaiting

PAGE = """
def bench_floor(measure):
    measure.document("query Version { version { version } }", page="/", title="Floor")
"""
CHECK = """
@pytest.mark.audit(id="x", category="api", severity="info")
def audit_x(audit):
    audit.observe(1.0, message="fine")
"""


BUSY = "while True: pass"


@pytest.fixture
def busy_core():
    with subprocess.Popen([sys.executable, "-c", BUSY]) as program:
        yield program
        program.kill()


def target_here(pid, *, is_here=True):
    client = SimpleNamespace(reconnect_count=3)
    return SimpleNamespace(info=SimpleNamespace(pid=pid), is_here=is_here, client=client)


@pytest.fixture
def orphan():
    """Give the pid of a busy program that is no child of ours."""
    command = [sys.executable, "-c", BUSY]
    quiet = "stdin=None, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"
    code = f"import subprocess; print(subprocess.Popen({command!r}, {quiet}).pid)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=20)
    pid = int(told.stdout)
    yield pid
    os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(not can_read_clocks(), reason="clocks of other processes are Linux's")
def test_the_servers_own_work_is_not_that_of_others(orphan):
    without = AuditedMachine(lambda: target_here(None, is_here=False), Silent(), quiet_limit_seconds=0.0)
    server = AuditedMachine(lambda: target_here(orphan), Silent(), quiet_limit_seconds=0.0)
    clock = ProcessClock(orphan)
    begin = clock.cpu_seconds()[orphan]
    with without.watch.part(), server.watch.part():
        while (used := clock.cpu_seconds()[orphan] - begin) < 0.4:
            time.sleep(0.02)
    seen, aware = without.quality(2), server.quality(2)
    assert seen.foreign_cores - aware.foreign_cores == pytest.approx(used / seen.watched_seconds, rel=0.3)
    assert aware.reconnect_count == 3


def test_a_server_here_whose_process_is_unknown_leaves_the_work_of_others_unknown():
    machine = AuditedMachine(lambda: target_here(None), Silent(), quiet_limit_seconds=0.0)
    with machine.watch.part():
        pass
    assert machine.quality(2).foreign_cores is None


def test_of_a_server_elsewhere_it_is_said_that_its_machine_was_not_watched():
    machine = AuditedMachine(lambda: target_here(None, is_here=False), Silent(), quiet_limit_seconds=0.0)
    assert machine.quality(2) is None
    with machine.watch.part():
        pass
    assert any("it is another one" in reason for reason in machine.quality(2).not_measured)


def test_pytest_is_told_once_what_is_waited_for():
    lines = []
    progress = TellsOfWaiting(lines.append)
    for left in (9.0, 8.0):
        progress.waiting(left, "waiting for a quiet machine")
    progress.waiting(0.0, "starting the server anew")
    assert lines == ["waiting for a quiet machine, 9 s left", "starting the server anew"]


def test_an_audit_waits_on_demand_and_tells_what_it_saw(server, suite, run_inside, latest, busy_core):
    folder = suite(PAGE, "bench_floor.py")
    options = ("--stash-url", server.url, "--stash-quick", "--stash-no-profile", "--stash-baseline", "none")
    found = run_inside(folder, *options, "--stash-wait-quiet=1")
    assert found.returncode == 0, found.stdout
    assert "waiting for a quiet machine: programs keep" in found.stdout
    result = latest()
    assert 0.9 < result.machine.waited_seconds < 10
    assert 0 < result.machine.watched_seconds < 60
    assert result.machine.steal_percent is not None
    assert any("did not become quiet" in warning for warning in result.warnings)
    page = (folder.parent / "reports" / "latest" / "report.html").read_text()
    assert "Machine while measuring" in page
    assert "Waited for a quiet machine" in page


def test_an_audit_that_times_nothing_has_seen_nothing(server, suite, run_inside, latest):
    run_inside(suite(CHECK), "--stash-url", server.url, "--stash-baseline", "none")
    assert latest().machine is None


@pytest.mark.parametrize("program", ["audit", "compare"])
def test_ctrl_c_ends_the_waiting_and_leaves_nothing(server, suite, start, tmp_path, busy_core, program):
    folder = suite(PAGE, "bench_floor.py")
    words = ["--stash-url", server.url] if program == "audit" else [server.url, server.url, "--no-profile"]
    with start("stashbench", program, *words, "--suite", folder, "--wait-quiet=50", PYTHONUNBUFFERED="1") as process:
        deadline = time.monotonic() + 40
        for line in process.stdout:
            if "waiting for a quiet machine" in line or time.monotonic() > deadline:
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert list((tmp_path / "reports").glob("*")) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("audit", "--wait-quiet", "suites"), "'suites' is no number of seconds; write --wait-quiet=60"),
        (("audit", "--wait-quiet=-1"), "-1"),
        (("compare", "--wait-quiet", "embedded", "embedded"), "'embedded' is no number of seconds"),
        (("audit", "--wait-quiet=nan"), "nan"),
    ],
)
def test_a_limit_that_is_no_time_is_one_clear_sentence(run, arguments, words):
    found = run("stashbench", *arguments)
    assert found.returncode == 2
    assert words in " ".join(found.stderr.split())
    assert "Traceback" not in found.stderr
