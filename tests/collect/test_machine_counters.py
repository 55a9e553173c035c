from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.machine_counters import (
    Counters,
    parse_swapped_pages,
    parse_throttled,
    read_counters,
    read_throttled,
    throttle_files,
)
from stashbench.collect.machine_counters_portable import with_portable

VERSION_2 = "usage_usec 90\nuser_usec 60\nsystem_usec 30\nnr_periods 4\nnr_throttled 2\nthrottled_usec 2500000\n"
VERSION_1 = "nr_periods 4\nnr_throttled 2\nthrottled_time 2500000000\n"
VMSTAT = "nr_free_pages 17\npswpin 3\npswpout 4\npgfault 99\n"
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.mark.parametrize("text", [VERSION_1, VERSION_2])
def test_throttled_time_of_both_versions_of_control_groups_is_in_seconds(text):
    assert parse_throttled(text) == 2.5


@pytest.mark.parametrize("text", ["", "usage_usec 90\n", "throttled_usec\n", "throttled_usec many\n"])
def test_a_group_that_tells_no_throttling_is_not_one_without(text):
    assert parse_throttled(text) is None


def test_swap_traffic_is_the_sum_of_both_ways():
    assert parse_swapped_pages(VMSTAT, 4096) == 7 * 4096
    assert parse_swapped_pages("pgfault 99\n", 4096) is None


@given(st.text())
def test_what_a_strange_kernel_writes_never_raises(text):
    found = parse_throttled(text), parse_swapped_pages(text, 4096)
    assert all(value is None or value >= 0 for value in found)


def test_the_groups_of_all_processes_and_those_above_are_looked_at(tmp_path):
    proc, groups = tmp_path / "proc", tmp_path / "groups"
    for pid, text in (("self", "0::/a/b\n"), ("7", "3:cpu,cpuacct:/other\n2:memory:/x\n")):
        (proc / pid).mkdir(parents=True)
        (proc / pid / "cgroup").write_text(text)
    for folder, seconds in (("a/b", 1), ("a", 5), ("cpu/other", 2), ("cpu", 0), ("unrelated", 90)):
        (groups / folder).mkdir(parents=True, exist_ok=True)
        (groups / folder / "cpu.stat").write_text(f"throttled_usec {seconds}000000\n")
    files = throttle_files(("self", 7, 8), proc=proc, groups=groups)
    assert {str(path.relative_to(groups).parent) for path in files} == {"a/b", "a", "cpu/other", "cpu"}
    assert read_throttled(files) == 5.0
    assert read_throttled(()) is None


@linux_only
def test_all_of_linux_is_read_and_only_grows():
    before = read_counters(throttle_files(("self",)))
    until = before.own_cpu_seconds + 0.05
    while (after := read_counters(throttle_files(("self",)))).own_cpu_seconds < until:
        pass
    assert after.busy_seconds > before.busy_seconds
    assert after.total_seconds >= after.busy_seconds >= after.steal_seconds
    assert after.swapped_bytes is not None
    assert after.involuntary_switches is not None
    for old, new in zip(before, after, strict=True):
        assert (old is None) == (new is None)
        assert old is None or new >= old


@linux_only
def test_the_portable_reading_agrees_with_ours():
    ours = read_counters()
    theirs = with_portable(Counters(at_seconds=0.0))
    assert theirs.total_seconds - theirs.busy_seconds == pytest.approx(ours.total_seconds - ours.busy_seconds, rel=0.02)
    assert theirs.swapped_bytes == ours.swapped_bytes
    assert theirs.cpu_pressure_seconds is None
