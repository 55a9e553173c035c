"""The portable reader beside the Linux one, over the same work."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stashbench.collect.sampler import Sampler
from stashbench.collect.sampler.portable import PortableHost, PortableTree


def test_both_readers_tell_the_same(workload, tmp_path):
    with (
        Sampler(workload.pid, interval_seconds=0.05, database_directory=tmp_path) as ours,
        Sampler(workload.pid, interval_seconds=0.05, database_directory=tmp_path, is_portable=True) as portable,
    ):
        ours.begin("x")
        portable.begin("x")
        workload.do("burn", 0.2)
        workload.do("hold", 40, 0.2)
        workload.do("write", tmp_path / "file", 4)
        left, right = ours.end("x"), portable.end("x")

    assert right.cpu_seconds == pytest.approx(left.cpu_seconds, abs=0.05)
    assert right.written_bytes == pytest.approx(left.written_bytes, abs=65536)
    assert right.peak_rss_bytes == pytest.approx(left.peak_rss_bytes, rel=0.1)
    assert right.rss_end_bytes == pytest.approx(left.rss_end_bytes, rel=0.1)
    assert left.is_peak_exact
    assert not right.is_peak_exact
    assert any("psutil" in reason for reason in right.not_measured)


def test_the_timeline_has_the_same_series(workload, tmp_path):
    names = []
    for is_portable in (False, True):
        sampler = Sampler(workload.pid, interval_seconds=0.05, database_directory=tmp_path, is_portable=is_portable)
        sampler.start()
        workload.do("hold", 1, 0.2)
        names.append({series.name for series in sampler.stop()[0].series})
    linux_only = {name for name in names[0] if "pressure" in name} | {
        "process_logical_read_bytes_per_second",
        "host_disk_busy_percent",
    }
    assert names[0] - linux_only == names[1]


def test_an_ended_process_keeps_what_it_used():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    tree = PortableTree(process.pid)
    before = tree.read()
    process.kill()
    process.communicate()
    after = tree.read()
    assert after.cpu_seconds == before.cpu_seconds
    assert after.rss_bytes is None
    assert tree.events == [f"the server process {process.pid} ended"]


def test_the_host_without_a_database_directory():
    reading = PortableHost(None).read()
    assert reading.disk_free_bytes is None
    assert reading.cpu_total_ticks >= reading.cpu_busy_ticks > 0
