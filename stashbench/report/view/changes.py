"""What changed since the baseline, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.model.baseline import Comparison, SuiteShift, Verdict
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
from stashbench.report.charts.scale import Scale, Tick
from stashbench.report.quantities import duration
from stashbench.report.view.change_words import COLUMNS, chip_of, limit_in_words, numbers_of, seen_in_words
from stashbench.report.view.spreads import SpreadView, view_spreads
from stashbench.report.view.words import VERDICTS, Chip, plural
from stashbench.report.visible import anchor

_ORDER = (
    *(Verdict.REGRESSED, Verdict.SUSPECT, Verdict.IMPROVED, Verdict.INCONCLUSIVE, Verdict.NEW, Verdict.GONE),
    *(Verdict.NOT_COMPARABLE, Verdict.UNCHANGED),
)
_CHANGED = frozenset({Verdict.REGRESSED, Verdict.SUSPECT, Verdict.IMPROVED})
_SPREAD = _CHANGED | {Verdict.INCONCLUSIVE}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One comparison in words and as a bar; `is_open` says that its distributions are not folded."""

    href: str
    title: str
    chip: Chip
    change: str
    interval: str
    times: str
    reason: str
    seen: str
    bar: ChangeBar | None
    spreads: SpreadView | None
    is_open: bool
    statements: str
    statement_change: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuiteView:
    """How all pages moved together."""

    chip: Chip
    what: str
    change: str
    interval: str
    reason: str
    bar: ChangeBar | None


@dataclass(frozen=True, slots=True)
class ChangesView:
    """All comparisons: `shown` changed or are undecided, `accepted` count for nothing, `unchanged` did not change."""

    baseline: str
    reason: str
    limit: str
    counts: tuple[tuple[int, Chip], ...]
    ticks: tuple[Tick, ...]
    zero: float
    suite: SuiteView | None
    shown: tuple[ChangeView, ...]
    accepted: tuple[ChangeView, ...]
    unchanged: tuple[ChangeView, ...]
    columns: tuple[str, ...] = COLUMNS

    @property
    def all(self) -> tuple[ChangeView, ...]:
        """All comparisons in the order in which they stand."""
        return (*self.shown, *self.accepted, *self.unchanged)

    @property
    def has_spreads(self) -> bool:
        """Whether any page shows its distributions."""
        return any(item.spreads for item in self.all)


def view_changes(result: AuditResult) -> ChangesView:
    """Sort the comparisons by verdict, then by size of the change."""
    measurements = {item.id: item for item in result.measurements}
    shift = result.suite_shift
    scale = ratio_scale((*result.comparisons, *([shift] if shift is not None else [])))
    ordered = sorted(result.comparisons, key=_place)
    rows = [(item, _view(item, measurements, draw_change(item, scale))) for item in ordered]
    return ChangesView(
        baseline=result.baseline_name or "",
        reason=result.baseline_reason,
        limit=limit_in_words(result),
        counts=_counts(ordered),
        ticks=ratio_ticks(scale),
        zero=scale.percent(1.0),
        suite=None if shift is None else view_suite(shift, scale),
        shown=tuple(view for item, view in rows if not _is_unchanged(item) and not item.accepted),
        accepted=tuple(view for item, view in rows if not _is_unchanged(item) and item.accepted),
        unchanged=tuple(view for item, view in rows if _is_unchanged(item)),
    )


def view_suite(shift: SuiteShift, scale: Scale | None = None) -> SuiteView:
    """Say how all pages moved together, as a line of its own."""
    chip = VERDICTS[shift.verdict]
    accepted = f" Accepted: {shift.accepted}." if shift.accepted else ""
    return SuiteView(
        chip=Chip("info", "\N{CHECK MARK}", f"{chip.word}, accepted") if shift.accepted else chip,
        what=f"All {plural(shift.benchmark_count, 'page')} together" if shift.benchmark_count else "All pages together",
        change=change_in_words(shift),
        interval=interval_in_words(shift),
        reason=f"{shift.reason}{accepted}",
        bar=draw_change(shift, scale) if scale is not None else None,
    )


def _place(item: Comparison) -> tuple[bool, int, float]:
    """Return where a comparison stands: what is accepted comes after all that is open."""
    return bool(item.accepted), _ORDER.index(item.verdict), -(item.ratio or 0.0)


def _is_unchanged(comparison: Comparison) -> bool:
    """Say whether nothing worth a look changed: statements can multiply long before it is felt."""
    return comparison.verdict is Verdict.UNCHANGED and not comparison.statement_change


def _counts(comparisons: Sequence[Comparison]) -> tuple[tuple[int, Chip], ...]:
    """Count by chip, in the order in which the comparisons stand."""
    return tuple((number, chip) for chip, number in Counter(chip_of(item) for item in comparisons).items())


def _view(comparison: Comparison, measurements: Mapping[str, Measurement], bar: ChangeBar | None) -> ChangeView:
    known = measurements.get(comparison.benchmark_id)
    before, after = comparison.baseline_median_seconds, comparison.current_median_seconds
    times = f"{duration(before)} → {duration(after)}" if before is not None and after is not None else ""
    title = known.title if known else comparison.benchmark_id
    return ChangeView(
        href=anchor("b", comparison.benchmark_id) if known else "",
        title=title,
        chip=chip_of(comparison),
        change=change_in_words(comparison),
        interval=interval_in_words(comparison),
        times=times,
        reason=f"{comparison.reason} Accepted: {comparison.accepted}." if comparison.accepted else comparison.reason,
        seen=seen_in_words(comparison) if comparison.ratio is not None else "",
        bar=bar,
        spreads=view_spreads(comparison, known) if comparison.verdict in _SPREAD else None,
        is_open=comparison.verdict in _CHANGED and not comparison.accepted,
        statements="" if comparison.statement_change else _statements(comparison),
        statement_change=comparison.statement_change,
        numbers=numbers_of(comparison, title),
    )


def _statements(comparison: Comparison) -> str:
    before, after = comparison.baseline_statement_count, comparison.current_statement_count
    if before is None or after is None:
        return ""
    # Counts vary from run to run on a real server: without a change beyond that, an arrow would claim one.
    return f"{before:,} and {after:,} statements, as good as equal" if before != after else f"{before:,} statements"
