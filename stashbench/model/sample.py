"""Resource samples: columns over time, spans on the same clock, and what one span used."""

from __future__ import annotations

from stashbench.model.base import Model, Word


class SpanKind(Word):
    """What a span of time was spent on."""

    BENCHMARK = "benchmark"
    AUDIT = "audit"
    OPERATION = "operation"


class Span(Model):
    """A named stretch of a run, in seconds since the run began (monotonic clock)."""

    id: str
    label: str
    kind: SpanKind
    begin_seconds: float
    end_seconds: float


class Series(Model):
    """One metric over the timeline's times; None where that sample has no value.

    Names are `area_thing_unit`, e.g. `process_rss_bytes`, `process_cpu_percent` (100 = one core).
    """

    name: str
    unit: str
    values: tuple[float | None, ...]


class Timeline(Model):
    """Samples by column; all series are as long as `times_seconds` (seconds since the run began)."""

    times_seconds: tuple[float, ...] = ()
    series: tuple[Series, ...] = ()
    source: str = ""
    interval_seconds: float = 0.1

    def get(self, name: str) -> Series | None:
        """Return the series of that name, or None if it was not measured."""
        return next((series for series in self.series if series.name == name), None)


class ResourceUse(Model):
    """What the server's process tree used during one span. None is "not measured", never zero."""

    span_id: str
    duration_seconds: float
    cpu_seconds: float | None = None
    peak_rss_bytes: int | None = None
    is_peak_exact: bool = False
    rss_begin_bytes: int | None = None
    rss_end_bytes: int | None = None
    read_bytes: int | None = None
    written_bytes: int | None = None
    logical_read_bytes: int | None = None
    thread_count_max: int | None = None
    descriptor_count_max: int | None = None
    process_count_max: int | None = None
    host_cpu_percent_mean: float | None = None
    harness_cpu_seconds: float | None = None
    sample_count: int = 0
    not_measured: tuple[str, ...] = ()


class SamplerCost(Model):
    """What the sampler itself cost during the run."""

    cpu_seconds: float | None
    peak_rss_bytes: int | None
    tick_count: int
    missed_tick_count: int
    lateness_p99_seconds: float | None
    duration_seconds: float
