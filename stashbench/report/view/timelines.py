"""Resources over time under the spans of the run, on one shared axis, with a table of the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stashbench.model.result import AuditResult
from stashbench.model.sample import Series, Timeline
from stashbench.report.charts.lanes import Lane, draw_lanes
from stashbench.report.charts.panel import Panel, draw_panel
from stashbench.report.charts.scale import Scale, Tick
from stashbench.report.quantities import DASH, duration, quantity
from stashbench.report.view.benchmarks import use_in_words
from stashbench.report.view.words import plural

# What to draw first, by what the names hold, and how to call it. Other series follow under their own names.
_KNOWN = (
    ("process_cpu_percent", "Server CPU", "100 % is one core"),
    ("process_rss_bytes", "Server memory", "resident set of the process tree"),
    ("process_read_bytes", "Server disk reads", ""),
    ("process_written_bytes", "Server disk writes", ""),
    ("process_descriptor_count", "Open descriptors", ""),
    ("host_cpu_percent", "Host CPU", "100 % is the whole machine"),
)
_PANELS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class SeriesView:
    """One metric: its drawing, or None where it was never measured or is drawn by nobody."""

    title: str
    note: str
    low: str
    middle: str
    high: str
    top: str
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
    sampling: str


def view_timeline(result: AuditResult) -> TimelineView | None:
    """Return the timeline, or None where neither samples nor spans were kept."""
    timeline = result.timeline
    ends = [*timeline.times_seconds, *(span.end_seconds for span in result.spans)]
    last = max((end for end in ends if math.isfinite(end)), default=0.0)
    if last <= 0:
        return None
    across = Scale(0.0, last, is_log=False)
    lanes = draw_lanes(result.spans, across)
    ordered = sorted(timeline.series, key=lambda series: _rank(series.name))
    drawn = [index for index, series in enumerate(ordered) if _present(series)][:_PANELS_AT_MOST]
    views = tuple(_series(item, timeline, across, is_drawn=index in drawn) for index, item in enumerate(ordered))
    return TimelineView(
        lanes=lanes,
        panels=tuple(view for view in views if view.panel is not None),
        series=views,
        spans=_spans(result, lanes),
        ticks=across.ticks(_clock),
        sampling=_sampling(timeline),
    )


def _rank(name: str) -> int:
    return next((index for index, (known, _, _) in enumerate(_KNOWN) if name.startswith(known)), len(_KNOWN))


def _present(series: Series) -> list[float]:
    return [value for value in series.values if value is not None and math.isfinite(value)]


def _series(series: Series, timeline: Timeline, across: Scale, *, is_drawn: bool) -> SeriesView:
    rank = _rank(series.name)
    is_known = rank < len(_KNOWN) and series.name.count("_") <= _KNOWN[rank][0].count("_") + 2
    title, note = _KNOWN[rank][1:] if is_known else (series.name.replace("_", " "), "")
    present = sorted(_present(series))
    if not present:
        return SeriesView(title, note, DASH, DASH, DASH, "", None, "not measured")
    low, middle, high = (
        quantity(value, series.unit) for value in (present[0], present[len(present) // 2], present[-1])
    )
    panel = draw_panel(timeline.times_seconds, series.values, across) if is_drawn else None
    top = quantity(panel.top, series.unit) if panel else ""
    description = f"{title} over time: least {low}, median {middle}, most {high}"
    return SeriesView(title, note, low, middle, high, top, panel, description)


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
    source = f" from {timeline.source}" if timeline.source else ""
    return f"{plural(len(timeline.times_seconds), 'sample')}{source}, one each {duration(timeline.interval_seconds)}."


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
