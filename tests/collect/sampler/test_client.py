"""What may happen to the sampler, its target and its parent; none of it may disturb a test run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stashbench.collect.sampler import Sampler
from stashbench.errors import UsageError


def test_begin_and_end_are_cheap(workload):
    with Sampler(workload.pid) as sampler:
        times = []
        for number in range(30):
            begin = time.perf_counter()
            sampler.begin(str(number))
            sampler.end(str(number))
            times.append((time.perf_counter() - begin) / 2)
    assert sorted(times)[len(times) // 2] < 0.002


def test_it_costs_little_and_says_what(workload):
    sampler = Sampler(workload.pid, interval_seconds=0.1)
    sampler.start()
    workload.do("hold", 1, 1.5)
    _, cost = sampler.stop()

    assert cost.peak_rss_bytes < 14 << 20
    assert 0 < cost.cpu_seconds < 0.2  # most of it the start of the interpreter
    assert 12 <= cost.tick_count <= 18
    assert 0 <= cost.lateness_p99_seconds < 0.1
    assert cost.duration_seconds >= 1.5


def test_the_process_side_loads_nothing_heavy():
    code = (
        "import stashbench.collect.sampler.__main__, stashbench.collect.sampler.process_tree, "
        "stashbench.collect.sampler.host, sys; print(*sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"msgspec", "psutil", "sqlite3", "asyncio", "dataclasses", "subprocess"} & set(loaded)
    assert len(loaded) < 110


def test_a_killed_sampler_raises_nothing_and_keeps_what_it_saw(workload, wait_until):
    sampler = Sampler(workload.pid, interval_seconds=0.02)
    sampler.start()
    sampler.begin("before")
    workload.do("burn", 0.1)
    sampler.end("before")
    sampler.begin("during")
    os.kill(sampler._channel.pid, signal.SIGKILL)
    use = sampler.end("during")
    sampler.begin("after")
    later = sampler.end("after")
    timeline, cost = sampler.stop()

    assert use.cpu_seconds is None
    assert use.duration_seconds > 0
    assert any("signal 9" in reason for reason in use.not_measured)
    assert later.cpu_seconds is None
    assert later.not_measured
    assert len(timeline.times_seconds) >= 3
    assert cost.tick_count == len(timeline.times_seconds)
    assert cost.cpu_seconds > 0


def test_a_sampler_that_hangs_is_given_up_on(workload, monkeypatch):
    monkeypatch.setattr("stashbench.collect.sampler.client._ANSWER_SECONDS", 0.2)
    sampler = Sampler(workload.pid)
    sampler.start()
    os.kill(sampler._channel.pid, signal.SIGSTOP)
    begin = time.monotonic()
    sampler.begin("x")
    use = sampler.end("x")
    pid = sampler._channel.pid
    sampler.stop()

    assert time.monotonic() - begin < 10
    assert any("did not answer" in reason for reason in use.not_measured)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_sampler_that_cannot_start_is_a_reason_not_an_error(monkeypatch, workload):
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    sampler = Sampler(workload.pid)
    sampler.start()
    sampler.begin("x")
    use = sampler.end("x")
    timeline, cost = sampler.stop()

    assert any("could not be started" in reason for reason in use.not_measured)
    assert timeline.times_seconds == ()
    assert cost.cpu_seconds is None


def test_it_ends_when_its_parent_is_killed_and_the_samples_stay(tmp_path, wait_until):
    code = (
        "import sys, time; from pathlib import Path; from stashbench.collect.sampler import Sampler;"
        "s = Sampler(None, interval_seconds=0.02, spool_directory=Path(sys.argv[1])); s.start();"
        "print(s._channel.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    sampler_pid = int(parent.stdout.readline())
    samples = tmp_path / "samples.jsonl"
    wait_until(lambda: samples.read_bytes().count(b"\n") >= 3)
    parent.kill()
    parent.wait()
    parent.stdout.close()

    wait_until(lambda: not _is_running(sampler_pid))
    assert samples.read_bytes().count(b"\n") >= 3


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_target_that_dies_is_noticed_and_the_host_goes_on(wait_until):
    target = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    sampler = Sampler(target.pid, interval_seconds=0.02)
    sampler.start()
    sampler.begin("x")
    target.kill()
    target.communicate()
    use = sampler.end("x")
    time_of_death = time.monotonic() - sampler.clock_origin
    wait_until(lambda: time.monotonic() - sampler.clock_origin > time_of_death + 0.1)
    timeline, _ = sampler.stop()

    assert any(f"the server process {target.pid} ended" in reason for reason in use.not_measured)
    assert use.rss_end_bytes is None
    assert any(f"the server process {target.pid} ended" in warning for warning in sampler.warnings)
    assert len(sampler.events) == 1
    assert timeline.get("process_rss_bytes").values[-1] is None
    assert timeline.get("host_load_1m").values[-1] is not None


def test_a_restarted_target_can_be_followed(workload):
    first = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with Sampler(first.pid, interval_seconds=0.05) as sampler:
        first.kill()
        first.communicate()
        sampler.follow(workload.pid)
        sampler.begin("x")
        workload.do("burn", 0.1)
        use = sampler.end("x")
    assert use.cpu_seconds == pytest.approx(0.1, abs=0.03)
    assert use.rss_end_bytes > 0


def test_a_process_that_is_not_there_is_not_measured():
    with Sampler(2**22 - 7, interval_seconds=0.05) as sampler:
        sampler.begin("x")
        use = sampler.end("x")
    assert use.cpu_seconds is None
    assert use.peak_rss_bytes is None
    assert any("cannot be read" in reason for reason in use.not_measured)
    assert sampler.warnings


def test_without_a_pid_only_the_host_is_measured():
    sampler = Sampler(None, interval_seconds=0.02)
    sampler.start()
    sampler.begin("x")
    time.sleep(0.1)  # the span itself is the subject
    use = sampler.end("x")
    timeline, _ = sampler.stop()

    assert use.cpu_seconds is None
    assert use.host_cpu_percent_mean is not None
    assert any("pid is not known" in reason for reason in use.not_measured)
    assert all(not series.name.startswith("process_") for series in timeline.series)


def test_of_a_remote_server_nothing_is_claimed():
    sampler = Sampler(os.getpid(), interval_seconds=0.02, is_local=False)
    sampler.start()
    sampler.begin("x")
    use = sampler.end("x")
    timeline, _ = sampler.stop()

    assert use.cpu_seconds is None
    assert use.host_cpu_percent_mean is None
    assert any("another machine" in reason for reason in use.not_measured)
    assert timeline.series == ()


def test_the_end_of_a_span_never_begun_is_a_reason(workload):
    with Sampler(workload.pid) as sampler:
        assert any("never begun" in reason for reason in sampler.end("x").not_measured)


def test_a_span_begun_anew_counts_from_there(workload):
    with Sampler(workload.pid) as sampler:
        sampler.begin("x")
        workload.do("burn", 0.1)
        sampler.begin("x")
        assert sampler.end("x").cpu_seconds < 0.05


def test_an_unstarted_sampler_says_so():
    sampler = Sampler(1)
    assert "the sampler was not started" in sampler.end("x").not_measured


def test_stopping_twice_is_harmless(workload):
    sampler = Sampler(workload.pid)
    sampler.start()
    sampler.stop()
    assert sampler.stop()[0].times_seconds == ()


def test_too_short_an_interval_is_refused():
    with pytest.raises(UsageError, match="too short"):
        Sampler(None, interval_seconds=0.0001)
