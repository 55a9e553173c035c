"""What changed since the baseline, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.measurement import Measurement
from stashbench.model.result import AuditResult
from stashbench.report.charts.change import (
    ChangeBar,
    change_in_words,
    draw_change,
    interval_in_words,
    ratio_scale,
    ratio_ticks,
)
from stashbench.report.charts.scale import Tick
from stashbench.report.quantities import duration
from stashbench.report.view.words import VERDICTS, Chip
from stashbench.report.visible import anchor

_ORDER = (
    *(Verdict.REGRESSED, Verdict.SUSPECT, Verdict.IMPROVED, Verdict.INCONCLUSIVE, Verdict.NEW, Verdict.GONE),
    *(Verdict.NOT_COMPARABLE, Verdict.UNCHANGED),
)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One comparison in words and as a bar."""

    href: str
    title: str
    chip: Chip
    change: str
    interval: str
    times: str
    reason: str
    bar: ChangeBar | None
    statements: str
    statement_change: str


@dataclass(frozen=True, slots=True)
class ChangesView:
    """All comparisons: `shown` changed or are undecided, `unchanged` did not."""

    baseline: str
    reason: str
    counts: tuple[tuple[int, Chip], ...]
    ticks: tuple[Tick, ...]
    zero: float
    shown: tuple[ChangeView, ...]
    unchanged: tuple[ChangeView, ...]


def view_changes(result: AuditResult) -> ChangesView:
    """Sort the comparisons by verdict, then by size of the change."""
    measurements = {item.id: item for item in result.measurements}
    scale = ratio_scale(result.comparisons)
    ordered = sorted(result.comparisons, key=_place)
    rows = [(item, _view(item, measurements, draw_change(item, scale))) for item in ordered]
    return ChangesView(
        baseline=result.baseline_name or "",
        reason=result.baseline_reason,
        counts=_counts(ordered),
        ticks=ratio_ticks(scale),
        zero=scale.percent(1.0),
        shown=tuple(view for item, view in rows if not _is_unchanged(item)),
        unchanged=tuple(view for item, view in rows if _is_unchanged(item)),
    )


def _place(item: Comparison) -> tuple[bool, int, float]:
    """Return where a comparison stands: what is accepted comes after all that is open."""
    return bool(item.accepted), _ORDER.index(item.verdict), -(item.ratio or 0.0)


def _chip(item: Comparison) -> Chip:
    chip = VERDICTS[item.verdict]
    return Chip("info", "\N{CHECK MARK}", f"{chip.word}, accepted") if item.accepted else chip


def _is_unchanged(comparison: Comparison) -> bool:
    """Say whether nothing worth a look changed: statements can multiply long before it is felt."""
    return comparison.verdict is Verdict.UNCHANGED and not comparison.statement_change


def _counts(comparisons: Sequence[Comparison]) -> tuple[tuple[int, Chip], ...]:
    """Count by chip, in the order in which the comparisons stand."""
    return tuple((number, chip) for chip, number in Counter(_chip(item) for item in comparisons).items())


def _view(comparison: Comparison, measurements: Mapping[str, Measurement], bar: ChangeBar | None) -> ChangeView:
    known = measurements.get(comparison.benchmark_id)
    before, after = comparison.baseline_median_seconds, comparison.current_median_seconds
    times = f"{duration(before)} → {duration(after)}" if before is not None and after is not None else ""
    return ChangeView(
        href=anchor("b", comparison.benchmark_id) if known else "",
        title=known.title if known else comparison.benchmark_id,
        chip=_chip(comparison),
        change=change_in_words(comparison),
        interval=interval_in_words(comparison),
        times=times,
        reason=f"{comparison.reason} Accepted: {comparison.accepted}." if comparison.accepted else comparison.reason,
        bar=bar,
        statements="" if comparison.statement_change else _statements(comparison),
        statement_change=comparison.statement_change,
    )


def _statements(comparison: Comparison) -> str:
    before, after = comparison.baseline_statement_count, comparison.current_statement_count
    if before is None or after is None:
        return ""
    # Counts vary from run to run on a real server: without a change beyond that, an arrow would claim one.
    return f"{before:,} and {after:,} statements, as good as equal" if before != after else f"{before:,} statements"
