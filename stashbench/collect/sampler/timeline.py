"""Reads the sampler process's file into a timeline, whole or cut off."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from stashbench.collect.sampler.columns import COLUMNS, HOST_SERIES, OVERHEAD, PROCESS_SERIES, SeriesRule
from stashbench.model.sample import SamplerCost, Series, Timeline

Column = list[float | None]


class Event(msgspec.Struct, frozen=True):
    """Something the sampler noticed, in seconds since the timeline's begin."""

    at_seconds: float
    event: str


class Recording(NamedTuple):
    """All rows by column, and the events."""

    columns: dict[str, Column]
    events: tuple[Event, ...]


def read_recording(path: Path) -> Recording:
    """Read all whole lines; a line cut off by a kill or a full disk is left out."""
    columns: dict[str, Column] = {name: [] for name in COLUMNS}
    events = []
    row_decoder = msgspec.json.Decoder(tuple[float | None, ...])
    event_decoder = msgspec.json.Decoder(Event)
    for line in path.read_bytes().splitlines():
        try:
            if line.startswith(b"{"):
                events.append(event_decoder.decode(line))
                continue
            row = row_decoder.decode(line)
        except msgspec.DecodeError:
            continue
        if len(row) == len(COLUMNS):
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    return Recording(columns, tuple(events))


def timeline_of(recording: Recording, *, has_process: bool, source: str, interval_seconds: float) -> Timeline:
    """Turn counters into series. Growth is shared out over the real time between two samples, so late ones are right.

    The first sample has no growth and is None in those series; a series without any value is left out.
    """
    columns = recording.columns
    rules = (*(PROCESS_SERIES if has_process else ()), *HOST_SERIES)
    series = []
    for rule in rules:
        values = _growths(columns, rule) if rule.is_growth else columns[rule.column]
        if any(value is not None for value in values):
            series.append(Series(name=rule.name, unit=rule.unit, values=tuple(values)))
    times = tuple(time or 0.0 for time in columns["time_seconds"])
    return Timeline(times_seconds=times, series=tuple(series), source=source, interval_seconds=interval_seconds)


def cost_of(recording: Recording, duration_seconds: float) -> SamplerCost:
    """Sum up what the sampler itself used, as it wrote it down with each sample."""
    times, lateness, missed, cpu, peak = (recording.columns[name] for name in OVERHEAD)
    late = sorted(value for value in lateness if value is not None)
    return SamplerCost(
        cpu_seconds=cpu[-1] if cpu else None,
        peak_rss_bytes=_whole(peak[-1]) if peak else None,
        tick_count=len(times),
        missed_tick_count=int(sum(value or 0 for value in missed)),
        lateness_p99_seconds=late[math.ceil(0.99 * len(late)) - 1] if late else None,
        duration_seconds=duration_seconds,
    )


def recover_timeline(path: Path, *, has_process: bool) -> tuple[Timeline, SamplerCost]:
    """Rebuild timeline and cost from the file a killed run left; the interval is the median distance of its samples.

    Raises:
        OSError: the file cannot be read.
    """
    recording = read_recording(path)
    times = [time for time in recording.columns["time_seconds"] if time is not None]
    distances = [later - earlier for earlier, later in pairwise(times)]
    timeline = timeline_of(
        recording,
        has_process=has_process,
        source="recovered",
        interval_seconds=median(distances) if distances else 0.0,
    )
    return timeline, cost_of(recording, times[-1] if times else 0.0)


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _growths(columns: dict[str, Column], rule: SeriesRule) -> Column:
    """Return the growth since the last row with a value; a distant machine does not answer for each row."""
    growths: Column = []
    last: tuple[float, float] | None = None
    for value, base in zip(columns[rule.column], columns[rule.per], strict=True):
        growth = None
        if value is not None and base is not None:
            # A counter that falls was started anew (an interface re-created): there is no growth to tell.
            if last is not None and base > last[1] and value >= last[0]:
                growth = rule.factor * (value - last[0]) / (base - last[1])
            if last is None or base > last[1] or value < last[0]:
                last = value, base
        growths.append(growth)
    return growths
