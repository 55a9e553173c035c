from __future__ import annotations

import subprocess
import sys
import time

import pytest

from stashbench.collect.process_clock import ProcessClock, can_read_clocks, used_between

pytestmark = pytest.mark.skipif(not can_read_clocks(), reason="clocks of other processes are Linux's")
CHILD = "import time\nwhile time.process_time() < 0.3: pass\ninput()"
WORK = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
held = bytearray(30_000_000)
while time.process_time() < 0.4: pass
print(time.process_time(), flush=True)
input()
"""


def test_processor_time_of_a_process_and_its_child_is_read_from_outside():
    command = [sys.executable, "-c", WORK]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        clock = ProcessClock(process.pid)
        own = float(process.stdout.readline())
        clock.look_around()
        deadline = time.monotonic() + 20
        while sum(clock.cpu_seconds().values()) < own + 0.25 and time.monotonic() < deadline:
            time.sleep(0.02)
        used = clock.cpu_seconds()
        assert len(used) == 2
        assert used[process.pid] == pytest.approx(own, abs=0.02)
        assert sum(used.values()) > own + 0.25
        assert clock.rss_bytes() > 30_000_000
        assert clock.peak_rss_bytes() > 30_000_000
        process.kill()
        process.communicate()
    assert clock.cpu_seconds() == {}
    assert clock.peak_rss_bytes() is None


def test_only_processes_in_both_readings_count():
    assert used_between({1: 1.0, 2: 5.0}, {1: 1.5, 3: 9.0}) == 0.5
    assert used_between({1: 1.0, 2: 5.0}, {}) is None
    assert used_between({}, {1: 1.0}) is None
