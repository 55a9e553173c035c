from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.sampler import proc_files

NUMBER = st.integers(min_value=0, max_value=2**63)


@given(
    name=st.binary(max_size=15).filter(lambda name: b"\x00" not in name),
    numbers=st.lists(NUMBER, min_size=49, max_size=49),
    state=st.sampled_from("RSDZTI"),
)
def test_a_stat_line_is_read_whatever_the_process_calls_itself(name, numbers, state):
    line = b"%d (%s) %s " % (numbers[0], name, state.encode()) + b" ".join(b"%d" % number for number in numbers[1:])
    stat = proc_files.parse_stat(line + b"\n")
    # fields of proc(5), counted from 1: ppid 4, minflt 10, cminflt 11, utime 14 ... cstime 17, threads 20, start 22
    field = lambda position: numbers[position - 3]  # noqa: E731
    assert stat == proc_files.StatLine(
        state,
        field(4),
        field(10),
        field(11),
        field(14) + field(15),
        field(16) + field(17),
        field(20),
        field(22),
        field(24),
    )


def test_this_process_reads_as_it_is():
    stat = proc_files.parse_stat(Path("/proc/self/stat").read_bytes())
    assert stat.parent_pid == os.getppid()
    assert stat.state == "R"
    assert stat.rss_pages > 0
    peak = proc_files.parse_peak(Path("/proc/self/status").read_bytes())
    assert peak is not None
    assert peak >= stat.rss_pages * 4096 * 0.9
    assert proc_files.parse_io(Path("/proc/self/io").read_bytes()).logical_read_bytes > 0


def test_a_zombie_has_no_peak():
    assert proc_files.parse_peak(b"Name:\tx\nState:\tZ (zombie)\nTgid:\t3\n") is None


def test_cpu_ticks_count_waiting_for_a_disk_as_idle_and_guests_once():
    data = b"cpu  100 10 50 800 40 1 2 7 30 5\ncpu0 1 2 3 4\n"
    assert proc_files.parse_cpu(data) == (170, 1010, 7)


def test_an_old_kernel_without_steal():
    assert proc_files.parse_cpu(b"cpu  100 0 50 800\n") == (150, 950, 0)


DISKS = b"""   8       0 sda 10 0 100 5 20 0 200 5 0 10 10
   8       1 sda1 5 0 50 5 10 0 100 5 0 10 10 0 0 0 0 0 0
 254       0 vda 1 0 8 5 2 0 16 5 0 10 10 0 0 0 0 0 0
"""


@pytest.mark.parametrize(
    ("devices", "expected"),
    [
        ({b"8:0"}, (51200, 102400, 30, 10)),
        ({b"8:0", b"254:0"}, (55296, 110592, 33, 20)),
        ({b"9:9"}, None),
        (set(), None),
    ],
)
def test_disk_counters_are_those_of_the_named_devices(devices, expected):
    assert proc_files.parse_disks(DISKS, frozenset(devices)) == expected


def test_network_bytes_also_without_a_space_after_the_colon():
    data = (
        b"Inter-|   Receive                            |  Transmit\n face |bytes packets |bytes\n"
        b"    lo: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n  eth0:100 1 0 0 0 0 0 0 200 1 0 0 0 0 0 0\n"
    )
    assert proc_files.parse_network(data, frozenset({b"eth0"})) == (100, 200)
    assert proc_files.parse_network(data, frozenset({b"wlan0"})) is None


def test_pressure_totals():
    data = b"some avg10=1.00 avg60=0.50 avg300=0.10 total=12345\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=67\n"
    assert proc_files.parse_pressure(data) == {"some": 12345, "full": 67}
    assert proc_files.parse_pressure(b"") == {}


@given(st.binary())
def test_named_lines_never_raise(data):
    assert all(value >= 0 for value in proc_files.parse_named(data).values())
