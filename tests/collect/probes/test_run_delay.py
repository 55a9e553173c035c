from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from stashbench.collect.probes.run_delay import run_delay_between, run_delays

needs_schedstat = pytest.mark.skipif(
    not Path(f"/proc/{os.getpid()}/schedstat").exists(), reason="this kernel tells no run delays"
)


@needs_schedstat
def test_delays_of_a_process_only_grow():
    before = run_delays(os.getpid())
    sum(range(200_000))
    after = run_delays(os.getpid())
    assert str(os.getpid()) in before
    assert run_delay_between(before, after) >= 0.0


def test_delays_are_summed_over_threads_that_live():
    assert run_delay_between({"1": 1.0, "2": 5.0}, {"1": 1.5, "3": 0.25}) == 0.75


def test_what_cannot_be_read_is_none():
    assert run_delays(None) is None
    assert run_delays(2**22 + 5 if sys.platform.startswith("linux") else -1) is None
    assert run_delay_between(None, {}) is None
