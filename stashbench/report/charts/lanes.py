"""Spans of a run as blocks in lanes: one lane a kind, more where spans of a kind overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.model.sample import Span, SpanKind
from stashbench.report.charts.scale import Scale

_NAMES = {SpanKind.BENCHMARK: "Benchmarks", SpanKind.AUDIT: "Checks", SpanKind.OPERATION: "Operations"}


@dataclass(frozen=True, slots=True)
class Block:
    """One span: its number in the table, percent positions, and its label."""

    number: int
    label: str
    left: float
    width: float
    span: Span


@dataclass(frozen=True, slots=True)
class Lane:
    """Blocks that do not overlap."""

    name: str
    kind: str
    blocks: tuple[Block, ...]


def draw_lanes(spans: Sequence[Span], scale: Scale) -> tuple[Lane, ...]:
    """Put each span into the first lane of its kind that is free when it begins."""
    ordered = sorted(spans, key=lambda span: (span.begin_seconds, span.end_seconds))
    numbers = {id(span): number for number, span in enumerate(ordered, 1)}
    lanes: list[Lane] = []
    for kind in SpanKind:
        rows: list[list[Span]] = []
        for span in (span for span in ordered if span.kind is kind):
            row = next((row for row in rows if row[-1].end_seconds <= span.begin_seconds), None)
            if row is None:
                rows.append([span])
            else:
                row.append(span)
        for index, row in enumerate(rows):
            name = _NAMES[kind] if not index else f"{_NAMES[kind]} ({index + 1})"
            lanes.append(Lane(name, kind.value, tuple(_block(span, numbers[id(span)], scale) for span in row)))
    return tuple(lanes)


def _block(span: Span, number: int, scale: Scale) -> Block:
    left = scale.percent(span.begin_seconds)
    return Block(number, span.label, left, round(max(scale.percent(span.end_seconds) - left, 0.15), 2), span)
