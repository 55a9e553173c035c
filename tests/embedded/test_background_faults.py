from __future__ import annotations

import os
import signal
import time

import psutil
import pytest

from stashbench.embedded.faults import parse_fault
from stashbench.embedded.jobs.job import JobStatus
from stashbench.embedded.server import ServeOptions, server_state

STATUS = "{systemStatus{status}}"


@pytest.fixture
def open_with(library):
    return lambda *faults: server_state(ServeOptions(database=library, faults=tuple(map(parse_fault, faults))))


def test_memory_leak_holds_what_it_says(start_server):
    leaking, healthy = start_server("--fault", "memory-leak=1000000"), start_server()
    grown = []
    for server in (leaking, healthy):
        process = psutil.Process(server.pid)
        for _ in range(20):
            server.data(STATUS)
        before = process.memory_info().rss
        for _ in range(60):
            server.data(STATUS)
        grown.append(process.memory_info().rss - before)
    assert grown[0] > 55_000_000
    assert grown[1] < 10_000_000


def test_cpu_burner_is_a_busy_child_that_dies_with_the_server(start_server, wait_until, tmp_path):
    server = start_server("--fault", "cpu-burner", environment={"TMPDIR": str(tmp_path)})
    (child,) = wait_until(lambda: psutil.Process(server.pid).children())
    wait_until(lambda: child.cpu_times().user > 0.3)
    assert server.data(STATUS)
    os.kill(server.pid, signal.SIGKILL)  # the hardest end: nothing of the server gets to run
    server.process.wait()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_cpu_burner_is_gone_after_a_clean_end(open_with, wait_until):
    me = psutil.Process()
    with open_with("cpu-burner"):
        (child,) = wait_until(lambda: [c for c in me.children() if "burner" in " ".join(c.cmdline())])
    assert not child.is_running()


def test_disk_writer_writes_at_its_rate_and_leaves_no_file(open_with, wait_until):
    me = psutil.Process()
    with open_with("disk-writer=5e6") as state:
        before, begin = me.io_counters().write_chars, time.monotonic()
        wait_until(lambda: me.io_counters().write_chars - before > 5_000_000)
        rate = 5_000_000 / (time.monotonic() - begin)
        assert [path.name for path in state.paths.work.iterdir()] == ["media"]
    assert 2e6 < rate < 7e6


def test_stalled_scan_runs_without_progress_until_stopped(open_with, wait_until):
    with open_with("stalled-scan") as state:
        (job,) = wait_until(state.jobs.queue)
        wait_until(lambda: state.jobs.find(job.id).progress == 0.42)
        first = state.jobs.find(job.id)
        time.sleep(0.3)  # nothing must happen
        assert state.jobs.find(job.id) == first
        assert (first.status, first.description) == (JobStatus.RUNNING, "Scanning...")
        assert first.sub_tasks[0].startswith("Scanning ")
        waiting = state.jobs.add("Cleaning...", lambda _progress: None)
        assert state.jobs.find(waiting).status is JobStatus.READY
        state.jobs.stop(job.id)
        wait_until(lambda: state.jobs.find(waiting).status is JobStatus.FINISHED)
        assert state.jobs.find(job.id).status is JobStatus.CANCELLED


def test_failing_job_has_failed_with_an_error(open_with, wait_until):
    with open_with("failing-job", "stalled-scan") as state:
        wait_until(lambda: state.jobs.find(1).is_over)
        job = state.jobs.find(1)
        assert job.status is JobStatus.FAILED
        assert "Not a directory" in job.error
        assert any("task failed due to error" in line.message for line in state.hub.recent())
        wait_until(lambda: state.jobs.find(2).status is JobStatus.RUNNING)


def test_log_flood_has_its_rate(open_with, wait_until):
    with open_with("log-flood=500") as state:
        lines = []
        state.hub.subscribe(lines.extend)
        begin = time.monotonic()
        wait_until(lambda: len(lines) >= 500)
        assert 250 < len(lines) / (time.monotonic() - begin) < 700
        assert state.hub.recent()[0].message.startswith("log flood: line ")
