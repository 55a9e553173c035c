"""The sampler against a workload whose true use is known from the kernel's own accounts."""

from __future__ import annotations

import itertools
import time

import pytest

from stashbench.collect.sampler import Sampler

MIB = 1 << 20


@pytest.fixture
def sampler(workload, tmp_path):
    with Sampler(workload.pid, interval_seconds=0.05, database_directory=tmp_path) as running:
        yield running


def test_cpu_seconds_agree_with_the_kernels_account_short_lived_children_included(sampler, workload):
    before = workload.do("burn", 0)
    sampler.begin("burn")
    workload.do("burn", 0.3)
    after = workload.do("children", 5, 0.06)
    use = sampler.end("burn")

    truth = after["cpu_seconds"] - before["cpu_seconds"]
    assert truth > 0.5
    assert use.cpu_seconds == pytest.approx(truth, abs=0.03)


def test_a_short_request_has_its_cpu_time_to_the_millisecond(sampler, workload):
    sampler.begin("short")
    workload.do("burn", 0.004)
    use = sampler.end("short")

    assert use.cpu_seconds == pytest.approx(0.004, abs=0.002)


def test_a_peak_between_two_samples_is_seen_exactly(workload, tmp_path):
    with Sampler(workload.pid, interval_seconds=5.0, database_directory=tmp_path) as sampler:
        sampler.begin("spike")
        after = workload.do("hold", 80, 0.02)
        use = sampler.end("spike")

    assert use.is_peak_exact
    assert use.sample_count == 0
    assert use.peak_rss_bytes == pytest.approx(after["peak_bytes"], abs=MIB)
    assert use.rss_end_bytes < use.peak_rss_bytes - 70 * MIB


def test_a_peak_belongs_to_its_own_span(sampler, workload):
    sampler.begin("large")
    workload.do("hold", 80, 0.01)
    large = sampler.end("large")
    sampler.begin("small")
    workload.do("hold", 10, 0.01)
    small = sampler.end("small")

    assert large.is_peak_exact
    assert small.is_peak_exact
    assert small.peak_rss_bytes < large.peak_rss_bytes - 60 * MIB


def test_a_span_inside_another_does_not_take_its_peak_away(sampler, workload):
    sampler.begin("outer")
    after = workload.do("hold", 80, 0.01)
    sampler.begin("inner")
    inner = sampler.end("inner")
    outer = sampler.end("outer")

    assert outer.peak_rss_bytes == pytest.approx(after["peak_bytes"], abs=MIB)
    assert inner.peak_rss_bytes < outer.peak_rss_bytes - 60 * MIB


def test_the_peak_of_a_living_child_counts_beside_its_parent(sampler, workload):
    sampler.begin("child")
    workload.do("child_hold", 60, 0.15)
    use = sampler.end("child")

    assert use.process_count_max == 2
    assert 60 * MIB < use.peak_rss_bytes < 60 * MIB + 45 * MIB
    assert use.peak_rss_bytes > use.rss_begin_bytes + 60 * MIB


def test_an_ended_child_makes_the_peak_inexact_and_says_so(sampler, workload):
    sampler.begin("children")
    workload.do("children", 1, 0.01)
    use = sampler.end("children")

    assert not use.is_peak_exact
    assert any("child processes ended" in reason for reason in use.not_measured)


def test_bytes_written_and_read_are_the_kernels(sampler, workload, tmp_path):
    before = workload.do("burn", 0)
    sampler.begin("write")
    after = workload.do("write", tmp_path / "file", 8)
    use = sampler.end("write")

    assert use.written_bytes == pytest.approx(after["written_bytes"] - before["written_bytes"], abs=8192)
    assert use.written_bytes >= 8 * MIB or after["written_bytes"] == 0  # a tmpfs writes nothing
    assert use.logical_read_bytes == pytest.approx(
        after["logical_read_bytes"] - before["logical_read_bytes"], abs=65536
    )


def test_counts_and_duration(sampler, workload):
    outer_begin = time.monotonic()
    sampler.begin("x")
    inner_begin = time.monotonic()
    workload.do("burn", 0.12)
    inner = time.monotonic() - inner_begin
    use = sampler.end("x")

    assert inner <= use.duration_seconds <= time.monotonic() - outer_begin
    assert use.sample_count >= 1
    assert use.process_count_max == 1
    assert use.thread_count_max == 1
    assert use.descriptor_count_max >= 3
    assert 0 < use.host_cpu_percent_mean <= 100


def test_the_timeline_holds_what_happened(workload, tmp_path):
    sampler = Sampler(workload.pid, interval_seconds=0.05, database_directory=tmp_path)
    sampler.start()
    before = workload.do("burn", 0)
    after = workload.do("burn", 0.4)
    timeline, cost = sampler.stop()

    cpu = timeline.get("process_cpu_percent")
    assert cpu is not None
    assert cpu.values[0] is None
    steps = itertools.pairwise(timeline.times_seconds)
    spent = sum(value / 100 * (end - begin) for value, (begin, end) in zip(cpu.values[1:], steps, strict=True))
    assert spent == pytest.approx(after["cpu_seconds"] - before["cpu_seconds"], abs=0.03)
    names = {series.name for series in timeline.series}
    assert names >= {
        "process_rss_bytes",
        "process_thread_count",
        "process_descriptor_count",
        "process_count",
        "host_cpu_percent",
        "host_memory_available_bytes",
        "host_disk_free_bytes",
        "host_load_1m",
    }
    assert all(len(series.values) == len(timeline.times_seconds) for series in timeline.series)
    assert timeline.times_seconds == tuple(sorted(timeline.times_seconds))
    assert timeline.times_seconds[0] < 0.5
    assert cost.tick_count == len(timeline.times_seconds)
