from __future__ import annotations

import os
import subprocess
import sys

import pytest

from stashbench.collect.probes.settle import tree_cpu_seconds, wait_until_idle


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def busy_until(clock, moment):
    """CPU time of a process that uses a whole core until `moment`."""
    return lambda: min(clock.now, moment) - 100.0


def test_it_waits_until_the_work_is_done(clock):
    is_idle = wait_until_idle(busy_until(clock, 107.3), limit_seconds=60.0, clock=clock, sleep=clock.sleep)
    assert is_idle
    assert 107.3 < clock.now < 109.0


def test_it_gives_up_at_the_limit_and_says_so(clock):
    assert not wait_until_idle(busy_until(clock, 1e9), limit_seconds=60.0, clock=clock, sleep=clock.sleep)
    assert clock.now == pytest.approx(160.0, abs=1.0)


@pytest.mark.parametrize("readings", [[None], [1.0, None]])
def test_a_server_that_is_gone_works_on_nothing(clock, readings):
    told = iter(readings)
    assert wait_until_idle(lambda: next(told), limit_seconds=60.0, clock=clock, sleep=clock.sleep)


def test_the_cpu_time_of_children_is_part_of_the_tree():
    code = "import time\nwhile time.process_time() < 0.3: pass\nprint('done', flush=True)\ninput()"
    before = tree_cpu_seconds(os.getpid())
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdout.readline()
        assert tree_cpu_seconds(os.getpid()) - before >= 0.25
        assert 0.25 <= tree_cpu_seconds(child.pid) < 3.0
        child.communicate(b"\n")


def test_a_process_that_is_gone_has_no_cpu_time():
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert tree_cpu_seconds(child.pid) is None
