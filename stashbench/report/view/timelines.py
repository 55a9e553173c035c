"""Resources over time under the spans of the run, on one shared axis, with a table of the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

from stashbench.model.result import AuditResult
from stashbench.model.sample import Series, Timeline
from stashbench.report.charts.lanes import Lane, draw_lanes
from stashbench.report.charts.panel import Panel, draw_panel
from stashbench.report.charts.scale import Scale, Tick, clock_scale
from stashbench.report.quantities import DASH, duration, quantity, tidy
from stashbench.report.view.benchmarks import use_in_words
from stashbench.report.view.evidence import label_of
from stashbench.report.view.words import plural

# What to draw, in this order, and how to call it. Other series follow under their own names.
_KNOWN = {
    "process_cpu_percent": ("Server CPU", "100 % is one core"),
    "process_rss_bytes": ("Server memory", "resident"),
    "process_read_bytes_per_second": ("Server disk reads", ""),
    "process_written_bytes_per_second": ("Server disk writes", ""),
    "host_cpu_percent": ("Machine CPU", "100 % is all cores"),
    "process_descriptor_count": ("Open descriptors", ""),
    "host_disk_read_bytes_per_second": ("Machine disk reads", ""),
    "host_disk_written_bytes_per_second": ("Machine disk writes", ""),
    "host_memory_used_bytes": ("Machine memory", "in use"),
    "host_pressure_io_some_percent": ("Waiting for disk", "share of time"),
    "host_pressure_cpu_some_percent": ("Waiting for CPU", "share of time"),
    "host_steal_percent": ("Stolen CPU", "taken by the host of this virtual machine"),
}
_ORDER = tuple(_KNOWN)
_PANELS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One metric: its drawing, or None where it has no value, never changed, or comes after the most telling ones."""

    title: str
    note: str
    low: str
    middle: str
    high: str
    panel: Panel | None
    description: str


@dataclass(frozen=True, slots=True)
class SpanView:
    """One row of the table of spans."""

    number: int
    label: str
    kind: str
    begin: str
    length: str
    use: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The drawing and its table alternatives."""

    lanes: tuple[Lane, ...]
    panels: tuple[SeriesView, ...]
    series: tuple[SeriesView, ...]
    spans: tuple[SpanView, ...]
    ticks: tuple[Tick, ...]
    level: tuple[str, ...]
    sampling: str


def view_timeline(result: AuditResult) -> TimelineView | None:
    """Return the timeline, or None where neither samples nor spans were kept."""
    timeline = result.timeline
    ends = [*timeline.times_seconds, *(span.end_seconds for span in result.spans)]
    last = max((end for end in ends if math.isfinite(end)), default=0.0)
    if last <= 0:
        return None
    across, ticks = clock_scale(last)
    lanes = draw_lanes(result.spans, across)
    ordered = sorted(timeline.series, key=lambda series: _rank(series.name))
    drawn = [index for index, series in enumerate(ordered) if _present(series) and not _is_level(series)][
        :_PANELS_AT_MOST
    ]
    level = [index for index, series in enumerate(ordered) if series.name in _KNOWN and _is_level(series)]
    views = tuple(_series(item, timeline, across, is_drawn=index in drawn) for index, item in enumerate(ordered))
    return TimelineView(
        lanes=lanes,
        panels=tuple(view for view in views if view.panel is not None),
        series=views,
        spans=_spans(result, lanes),
        ticks=ticks,
        level=tuple(f"{views[index].title} ({views[index].high})" for index in level),
        sampling=_sampling(timeline),
    )


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _KNOWN else len(_ORDER)


def _present(series: Series) -> list[float]:
    return [value for value in series.values if value is not None and math.isfinite(value)]


def _is_level(series: Series) -> bool:
    """Say whether a series has one value throughout: a line would say less than a word."""
    present = _present(series)
    return bool(present) and min(present) == max(present)


def _series(series: Series, timeline: Timeline, across: Scale, *, is_drawn: bool) -> SeriesView:
    title, note = _KNOWN.get(series.name) or (label_of(series.name), "")
    present = sorted(_present(series))
    if not present:
        return SeriesView(title, note, DASH, DASH, DASH, None, "not measured")
    values = (present[0], median(present), present[-1])
    low, middle, high = (quantity(value, series.unit) for value in values)
    description = f"{title} over time: least {low}, median {middle}, most {high}"
    if not is_drawn:
        return SeriesView(title, note, low, middle, high, None, description)
    panel = draw_panel(timeline.times_seconds, series.values, across, series.unit)
    note = ", ".join(part for part in (f"0 to {tidy(quantity(panel.top, series.unit))}", note) if part)
    return SeriesView(title, note, low, middle, high, panel, description)


def _spans(result: AuditResult, lanes: tuple[Lane, ...]) -> tuple[SpanView, ...]:
    uses = {item.span_id: item for item in result.resources}
    blocks = sorted((block for lane in lanes for block in lane.blocks), key=lambda block: block.number)
    return tuple(
        SpanView(
            number=block.number,
            label=block.label,
            kind=block.span.kind.value,
            begin=duration(block.span.begin_seconds),
            length=duration(block.span.end_seconds - block.span.begin_seconds),
            use=use_in_words(uses.get(block.span.id)),
        )
        for block in blocks
    )


def _sampling(timeline: Timeline) -> str:
    if not timeline.times_seconds:
        return "No resource samples were taken, so only the spans are drawn."
    source = f" ({timeline.source})" if timeline.source else ""
    return f"{plural(len(timeline.times_seconds), 'sample')}, one each {duration(timeline.interval_seconds)}{source}."
