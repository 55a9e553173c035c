"""Spans of the run and the resources used in them."""

from __future__ import annotations

import math
import random

from stashbench.model.measurement import Measurement
from stashbench.model.sample import ResourceUse, Series, Span, SpanKind, Timeline

from .texts import HOSTILE


def spans_of(measurements: tuple[Measurement, ...]) -> tuple[Span, ...]:
    spans: list[Span] = []
    clock = 1.2
    for item in measurements:
        if item.statistics is None:
            continue
        length = 1.0 + min(math.fsum(item.rounds_seconds), 12.0)
        spans.append(
            Span(
                id=item.nodeid,
                label=item.title,
                kind=SpanKind.BENCHMARK,
                begin_seconds=clock,
                end_seconds=clock + length,
            )
        )
        clock += length + 0.2
    for label in ("Database file", "Configuration", "Process over time", HOSTILE):
        spans.append(Span(id=label, label=label, kind=SpanKind.AUDIT, begin_seconds=clock, end_seconds=clock + 1.1))
        clock += 1.3
    return tuple(spans)


def use_of(span: Span, chance: random.Random) -> ResourceUse:
    length = span.end_seconds - span.begin_seconds
    return ResourceUse(
        span_id=span.id,
        duration_seconds=length,
        cpu_seconds=round(length * chance.uniform(0.4, 1.4), 3),
        peak_rss_bytes=int(180e6 + chance.random() * 90e6),
        is_peak_exact=True,
        rss_begin_bytes=180_000_000,
        rss_end_bytes=190_000_000,
        read_bytes=int(chance.random() ** 4 * 4e7),
        written_bytes=0,
        thread_count_max=14,
        descriptor_count_max=41,
        process_count_max=1,
        host_cpu_percent_mean=61.0,
        sample_count=int(length * 10),
    )


def timeline_of(end: float, spans: tuple[Span, ...], chance: random.Random) -> Timeline:
    times = tuple(round(index * 0.1, 1) for index in range(int(end * 10)))
    busy = [any(span.begin_seconds <= time <= span.end_seconds for span in spans) for time in times]
    cpu = tuple(round(max(0.0, chance.gauss(96 if active else 3, 14)), 1) for active in busy)
    gap = range(300, 340)
    return Timeline(
        times_seconds=times,
        series=(
            Series(name="process_cpu_percent", unit="percent", values=cpu),
            Series(
                name="process_rss_bytes",
                unit="bytes",
                values=tuple(
                    None if index in gap else int(182e6 + 60e6 * (1 - math.exp(-index / 400)) + chance.gauss(0, 1e6))
                    for index in range(len(times))
                ),
            ),
            Series(
                name="process_read_bytes_per_second",
                unit="bytes/s",
                values=tuple(round(chance.random() ** 20 * 8e7) for _ in times),
            ),
            Series(name="process_written_bytes_per_second", unit="bytes/s", values=tuple(0 for _ in times)),
            Series(
                name="process_descriptor_count",
                unit="count",
                values=tuple(38 + int(active) * 3 for active in busy),
            ),
            Series(
                name="host_cpu_percent",
                unit="percent",
                values=tuple(round(min(100.0, value / 2 + chance.random() * 12), 1) for value in cpu),
            ),
            Series(name="host_pressure_io_percent", unit="percent", values=tuple(None for _ in times)),
            Series(
                name=f"plugin_{HOSTILE}", unit="<u>", values=tuple(float(index % 50) for index in range(len(times)))
            ),
        ),
        source="/proc",
        interval_seconds=0.1,
    )
