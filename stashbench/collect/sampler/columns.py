"""How a row of raw counters becomes the series of a timeline."""

from __future__ import annotations

from typing import NamedTuple

from stashbench.collect.sampler.readings import HostReading, TreeReading

SAMPLES_NAME = "samples.jsonl"
OVERHEAD = ("time_seconds", "lateness_seconds", "missed_tick_count", "sampler_cpu_seconds", "sampler_peak_rss_bytes")
COLUMNS = (*OVERHEAD, *TreeReading._fields, *HostReading._fields)


class SeriesRule(NamedTuple):
    """One series: the growth of `column`, times `factor`, per second or per growth of `per`; or `column` as it is."""

    name: str
    unit: str
    column: str
    is_growth: bool = False
    factor: float = 1.0
    per: str = "time_seconds"


_MICROSECONDS_TO_PERCENT = 100 / 1e6

PROCESS_SERIES = (
    SeriesRule("process_cpu_percent", "%", "cpu_seconds", is_growth=True, factor=100.0),
    SeriesRule("process_rss_bytes", "bytes", "rss_bytes"),
    SeriesRule("process_read_bytes_per_second", "bytes/s", "read_bytes", is_growth=True),
    SeriesRule("process_written_bytes_per_second", "bytes/s", "written_bytes", is_growth=True),
    SeriesRule("process_logical_read_bytes_per_second", "bytes/s", "logical_read_bytes", is_growth=True),
    SeriesRule("process_thread_count", "count", "thread_count"),
    SeriesRule("process_descriptor_count", "count", "descriptor_count"),
    SeriesRule("process_count", "count", "process_count"),
)

# Of a distant machine a reading is older than the row it stands in, so growth counts from reading to reading.
_HOST_TIME = "host_time_seconds"

HOST_SERIES = (
    SeriesRule("host_cpu_percent", "%", "cpu_busy_ticks", is_growth=True, factor=100.0, per="cpu_total_ticks"),
    SeriesRule("host_steal_percent", "%", "cpu_steal_ticks", is_growth=True, factor=100.0, per="cpu_total_ticks"),
    SeriesRule("host_memory_used_bytes", "bytes", "memory_used_bytes"),
    SeriesRule("host_memory_available_bytes", "bytes", "memory_available_bytes"),
    SeriesRule("host_swap_used_bytes", "bytes", "swap_used_bytes"),
    SeriesRule("host_disk_read_bytes_per_second", "bytes/s", "disk_read_bytes", is_growth=True, per=_HOST_TIME),
    SeriesRule("host_disk_written_bytes_per_second", "bytes/s", "disk_written_bytes", is_growth=True, per=_HOST_TIME),
    SeriesRule("host_disk_operations_per_second", "1/s", "disk_operation_count", is_growth=True, per=_HOST_TIME),
    SeriesRule("host_disk_busy_percent", "%", "disk_busy_ms", is_growth=True, factor=0.1, per=_HOST_TIME),
    SeriesRule("host_disk_free_bytes", "bytes", "disk_free_bytes"),
    SeriesRule(
        "host_network_received_bytes_per_second", "bytes/s", "network_received_bytes", is_growth=True, per=_HOST_TIME
    ),
    SeriesRule("host_network_sent_bytes_per_second", "bytes/s", "network_sent_bytes", is_growth=True, per=_HOST_TIME),
    SeriesRule("host_load_1m", "", "load_1m"),
    SeriesRule("host_context_switches_per_second", "1/s", "context_switch_count", is_growth=True, per=_HOST_TIME),
    SeriesRule(
        "host_pressure_cpu_some_percent",
        "%",
        "pressure_cpu_some_us",
        is_growth=True,
        factor=_MICROSECONDS_TO_PERCENT,
        per=_HOST_TIME,
    ),
    SeriesRule(
        "host_pressure_io_some_percent",
        "%",
        "pressure_io_some_us",
        is_growth=True,
        factor=_MICROSECONDS_TO_PERCENT,
        per=_HOST_TIME,
    ),
    SeriesRule(
        "host_pressure_io_full_percent",
        "%",
        "pressure_io_full_us",
        is_growth=True,
        factor=_MICROSECONDS_TO_PERCENT,
        per=_HOST_TIME,
    ),
    SeriesRule(
        "host_pressure_memory_some_percent",
        "%",
        "pressure_memory_some_us",
        is_growth=True,
        factor=_MICROSECONDS_TO_PERCENT,
        per=_HOST_TIME,
    ),
    SeriesRule(
        "host_pressure_memory_full_percent",
        "%",
        "pressure_memory_full_us",
        is_growth=True,
        factor=_MICROSECONDS_TO_PERCENT,
        per=_HOST_TIME,
    ),
)
