"""Reduces a timeline for display without losing a spike or a dip."""

from __future__ import annotations

import itertools

from stashbench.model.sample import Series, Timeline

_FEWEST_POINTS = 4


def reduce_timeline(timeline: Timeline, point_limit: int) -> Timeline:
    """Return a timeline of at most `point_limit` points (at least 4) per series that looks the same.

    Time is cut into stretches of equal sample count; of each, every series keeps its lowest and highest value, in
    the order they came. The two points of a stretch stand at its first and its last sample's time, so all series go on
    sharing one time axis. Extremes survive exactly; their place moves by at most one stretch. A stretch without any
    value stays without. Timelines within the limit come back as they are.
    """
    count = len(timeline.times_seconds)
    limit = max(_FEWEST_POINTS, point_limit)
    if count <= limit:
        return timeline
    stretches = _stretches(count, limit // 2)
    times: list[float] = []
    for begin, end in stretches:
        times += (timeline.times_seconds[begin], timeline.times_seconds[end - 1])
    return Timeline(
        times_seconds=tuple(times),
        series=tuple(_reduce(series, stretches) for series in timeline.series),
        source=timeline.source,
        interval_seconds=timeline.interval_seconds,
    )


def _stretches(count: int, stretch_count: int) -> list[tuple[int, int]]:
    # count exceeds twice the stretches, so each holds two samples at least
    borders = [count * index // stretch_count for index in range(stretch_count + 1)]
    return list(itertools.pairwise(borders))


def _reduce(series: Series, stretches: list[tuple[int, int]]) -> Series:
    values: list[float | None] = []
    for begin, end in stretches:
        known = [(value, index) for index, value in enumerate(series.values[begin:end]) if value is not None]
        if not known:
            values += (None, None)
            continue
        lowest, highest = min(known), max(known)
        first, second = sorted((lowest, highest), key=lambda pair: pair[1])
        values += (first[0], second[0])
    return Series(name=series.name, unit=series.unit, values=tuple(values))
