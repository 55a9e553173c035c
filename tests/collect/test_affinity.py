from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.affinity import at_home_afterwards, can_pin, pin, share_out

needs_cores = pytest.mark.skipif(not can_pin(), reason="this system has one core, or does not let us choose")


@given(st.sets(st.integers(0, 200), min_size=2, max_size=64), st.integers(0, 100))
def test_servers_and_client_share_no_core_and_use_all(cores, turn):
    theirs, ours = share_out(sorted(cores), turn)
    assert theirs
    assert ours
    assert not theirs & ours
    assert theirs | ours == cores
    assert len(theirs) == (1 if len(cores) < 4 else len(cores) // 2)


def test_turns_take_every_core():
    assert {core for turn in range(2) for core in share_out([0, 1], turn)[0]} == {0, 1}
    assert {core for turn in range(2) for core in share_out(list(range(8)), turn)[0]} == set(range(8))


@needs_cores
def test_a_process_and_its_child_are_kept_on_a_core_and_we_are_home_afterwards():
    program = (
        "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE);"
        "print(child.pid, flush=True); input(); child.communicate()"
    )
    before = os.sched_getaffinity(0)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        child = int(process.stdout.readline())
        with at_home_afterwards() as cores:
            theirs, ours = share_out(cores, 0)
            pin(process.pid, theirs)
            os.sched_setaffinity(0, ours)
            assert os.sched_getaffinity(process.pid) == theirs
            assert os.sched_getaffinity(child) == theirs
        process.communicate("\n")
    assert os.sched_getaffinity(0) == before


@needs_cores
def test_a_process_that_is_gone_is_passed_over():
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    pin(process.pid, frozenset(os.sched_getaffinity(0)))
