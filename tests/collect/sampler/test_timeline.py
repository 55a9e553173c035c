from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.sampler.columns import COLUMNS
from stashbench.collect.sampler.timeline import Event, cost_of, read_recording, timeline_of


def row(**values):
    if "host_time_seconds" not in values and "time_seconds" in values:
        values["host_time_seconds"] = 1000 + values["time_seconds"]  # this machine's own readings
    return json.dumps([values.get(name) for name in COLUMNS]) + "\n"


@pytest.fixture
def recording(tmp_path):
    def written(*lines):
        path = tmp_path / "samples.jsonl"
        path.write_text("".join(lines))
        return read_recording(path)

    return written


def series_of(recording, *, has_process=True):
    timeline = timeline_of(recording, has_process=has_process, source="", interval_seconds=0.1)
    return {series.name: series.values for series in timeline.series}


def test_growth_is_shared_out_over_the_real_time_between_samples(recording):
    found = series_of(
        recording(
            row(time_seconds=0.0, cpu_seconds=1.0, written_bytes=0),
            row(time_seconds=0.1, cpu_seconds=1.05, written_bytes=1000),
            row(time_seconds=0.5, cpu_seconds=1.45, written_bytes=1000),
        )
    )
    assert found["process_cpu_percent"] == (None, pytest.approx(50), pytest.approx(100))
    assert found["process_written_bytes_per_second"] == (None, pytest.approx(10000), 0)


def test_host_shares_are_of_all_ticks_and_pressure_of_real_time(recording):
    found = series_of(
        recording(
            row(time_seconds=0.0, cpu_busy_ticks=100, cpu_total_ticks=1000, cpu_steal_ticks=0, pressure_io_some_us=0),
            row(
                time_seconds=0.1, cpu_busy_ticks=105, cpu_total_ticks=1020, cpu_steal_ticks=1, pressure_io_some_us=50000
            ),
        )
    )
    assert found["host_cpu_percent"] == (None, 25.0)
    assert found["host_steal_percent"] == (None, 5.0)
    assert found["host_pressure_io_some_percent"] == (None, pytest.approx(50.0))


def test_a_counter_that_starts_anew_is_a_gap_not_a_negative_rate(recording):
    found = series_of(
        recording(
            row(time_seconds=0.0, network_received_bytes=5000),
            row(time_seconds=0.1, network_received_bytes=10),
            row(time_seconds=0.2, network_received_bytes=110),
        )
    )
    assert found["host_network_received_bytes_per_second"] == (None, None, pytest.approx(1000))


def test_growth_of_a_distant_machine_counts_from_reading_to_reading(recording):
    found = series_of(
        recording(
            row(time_seconds=0.0, host_time_seconds=None),
            row(time_seconds=1.0, host_time_seconds=100.0, network_sent_bytes=1000, load_1m=1.0),
            row(time_seconds=2.0, host_time_seconds=None),
            row(time_seconds=3.0, host_time_seconds=104.0, network_sent_bytes=5000, load_1m=2.0),
            row(time_seconds=4.0, host_time_seconds=104.0, network_sent_bytes=5000, load_1m=2.0),
        )
    )
    assert found["host_network_sent_bytes_per_second"] == (None, None, None, 1000.0, None)
    assert found["host_load_1m"] == (None, 1.0, None, 2.0, 2.0)


def test_what_was_never_read_has_no_series(recording):
    found = series_of(recording(row(time_seconds=0.0, rss_bytes=5), row(time_seconds=0.1, rss_bytes=6)))
    assert found == {"process_rss_bytes": (5.0, 6.0)}
    assert series_of(recording(row(time_seconds=0.0, rss_bytes=5)), has_process=False) == {}


def test_torn_and_foreign_lines_are_left_out(recording):
    whole = row(time_seconds=0.0, rss_bytes=5)
    event = json.dumps({"at_seconds": 0.3, "event": "the server process 7 ended"}) + "\n"
    found = recording(whole, "[1.0, nonsense\n", "[1, 2]\n", event, row(time_seconds=0.1, rss_bytes=6)[:-20])
    assert found.columns["rss_bytes"] == [5.0]
    assert found.events == (Event(0.3, "the server process 7 ended"),)


@given(st.integers(0, 400))
def test_a_file_cut_anywhere_yields_the_whole_lines(tmp_path_factory, cut):
    text = "".join(row(time_seconds=index / 10, rss_bytes=index) for index in range(4))
    path = tmp_path_factory.mktemp("cut") / "samples.jsonl"
    path.write_text(text[:cut])
    whole = text[:cut].count("\n")
    assert read_recording(path).columns["rss_bytes"][:whole] == [float(index) for index in range(whole)]


def test_the_cost_is_what_the_sampler_wrote_down(recording):
    lines = [
        row(
            time_seconds=index / 10,
            lateness_seconds=0.001 * index,
            missed_tick_count=1 if index == 50 else 0,
            sampler_cpu_seconds=index / 1000,
            sampler_peak_rss_bytes=12_000_000,
        )
        for index in range(100)
    ]
    cost = cost_of(recording(*lines), 10.0)
    assert (cost.tick_count, cost.missed_tick_count, cost.peak_rss_bytes) == (100, 1, 12_000_000)
    assert cost.cpu_seconds == pytest.approx(0.099)
    assert cost.lateness_p99_seconds == pytest.approx(0.098)


def test_an_empty_file_costs_nothing_known(recording):
    cost = cost_of(recording(), 1.0)
    assert (cost.cpu_seconds, cost.tick_count, cost.lateness_p99_seconds) == (None, 0, None)
