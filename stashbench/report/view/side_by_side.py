"""A comparison of two servers as a view model: what a reader looks at first comes first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import PairedBenchmark, SideBySide, SideFigures, StatementChange
from stashbench.report.charts.change import ratio_ticks
from stashbench.report.charts.forest import ForestRow, TimesOfBoth, draw_row, draw_times, forest_scale
from stashbench.report.charts.scale import Scale, Tick
from stashbench.report.quantities import DASH, byte_size, count, duration, factor, significant
from stashbench.report.side_by_side_words import (
    chip_of,
    cores_in_words,
    finding_in_words,
    measuring_seconds,
    ratio_in_words,
    seen_in_words,
    side_in_words,
    visible_change_in_words,
)
from stashbench.report.view.gains import gains_of_comparison
from stashbench.report.view.machine import LEAD, quality_of, selftest_rows
from stashbench.report.view.spreads import quantiles, rows_of
from stashbench.report.view.words import Chip, date_in_words
from stashbench.report.visible import anchor

ORDER = (
    *(Verdict.REGRESSED, Verdict.IMPROVED, Verdict.INCONCLUSIVE, Verdict.UNCHANGED),
    *(Verdict.GONE, Verdict.NEW, Verdict.NOT_COMPARABLE),
)
_DRAWN = frozenset({Verdict.REGRESSED, Verdict.IMPROVED, Verdict.INCONCLUSIVE, Verdict.UNCHANGED})
_DETAILED = frozenset({Verdict.REGRESSED, Verdict.IMPROVED, Verdict.INCONCLUSIVE})
_TONES = {Verdict.REGRESSED: "critical", Verdict.IMPROVED: "good"}
COLUMNS = (
    *("Page", "Verdict", "B / A", "95 % interval", "Counts beyond", "Smallest visible slowdown"),
    *("Median A", "Median B", "Times A", "Times B", "Statements A", "Statements B"),
    *("Server CPU B / A", "Server CPU A", "Server CPU B", "Memory A", "Memory B"),
    *("Rows", "Answer A", "Answer B", "Stage"),
)


@dataclass(frozen=True, slots=True)
class PageView:
    """One page that was measured on both sides."""

    anchor: str
    title: str
    page: str
    chip: Chip
    change: str
    ratio: str
    reason: str
    row: ForestRow | None
    times: TimesOfBoth | None
    time_rows: tuple[tuple[str, ...], ...]
    compared: str
    seen: str
    notes: tuple[str, ...]
    statements: tuple[StatementChange, ...]
    is_detailed: bool
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Everything the template prints."""

    document: SideBySide
    tone: str
    date: str
    counts: tuple[tuple[int, Chip], ...]
    sides: tuple[str, str]
    visible_change: str
    ticks: tuple[Tick, ...]
    same: float
    pages: tuple[PageView, ...]
    unchanged: tuple[PageView, ...]
    apart: tuple[PageView, ...]
    run: tuple[tuple[str, str], ...]
    quality: tuple[tuple[str, str], ...]
    gains: str
    quality_lead: str = LEAD
    columns: tuple[str, ...] = COLUMNS


def place(item: PairedBenchmark) -> tuple[bool, int, float]:
    """Return where a page stands among others: what changed most first, what is accepted after all that is open."""
    return bool(item.accepted), ORDER.index(item.verdict), -(item.ratio or 0.0)


def view_comparison(document: SideBySide) -> ComparePage:
    """Build the page's view model; a pure function of the document."""
    scale = forest_scale(document.benchmarks)
    samples = _samples(document)
    ordered = sorted(enumerate(document.benchmarks), key=lambda entry: place(entry[1]))
    views = [(item, _page(item, scale, samples.get(index))) for index, item in ordered]
    present = {item.verdict for item, _ in views if not item.accepted}
    return ComparePage(
        document=document,
        tone=next((_TONES[verdict] for verdict in _TONES if verdict in present), "unknown"),
        date=date_in_words(document.started_at),
        counts=_counts(document),
        sides=(side_in_words(document.a), side_in_words(document.b)),
        visible_change=visible_change_in_words(document),
        ticks=ratio_ticks(scale),
        same=scale.percent(1.0),
        pages=tuple(view for item, view in views if item.verdict in _DETAILED),
        unchanged=tuple(view for item, view in views if item.verdict is Verdict.UNCHANGED),
        apart=tuple(view for item, view in views if item.verdict not in _DRAWN),
        run=_run_facts(document),
        quality=(
            *quality_of(document.machine, document.environment.cpu_count),
            *selftest_rows(document.selftest),
        ),
        gains=gains_of_comparison(document),
    )


def _counts(document: SideBySide) -> tuple[tuple[int, Chip], ...]:
    found: dict[Verdict, Counter[Chip]] = {}
    for item in document.benchmarks:
        found.setdefault(item.verdict, Counter())[chip_of(item)] += 1
    return tuple((number, chip) for verdict in ORDER for chip, number in found.get(verdict, Counter()).items())


def _samples(document: SideBySide) -> dict[int, tuple[list[float], list[float]]]:
    found: dict[int, tuple[list[float], list[float]]] = {}
    for block in document.blocks:
        sides = found.setdefault(block.benchmark, ([], []))
        sides[block.side == "b"].extend(value / 1e9 for value in block.samples_ns)
    return found


def _page(item: PairedBenchmark, scale: Scale, samples: tuple[list[float], list[float]] | None) -> PageView:
    a, b = item.a or SideFigures(), item.b or SideFigures()
    is_detailed = item.verdict in _DETAILED
    compared = (
        f"fastest tenth {duration(a.q10_seconds)} → {duration(b.q10_seconds)}"
        if a.q10_seconds is not None and b.q10_seconds is not None
        else ""
    )
    left_out = (f"neither was asked for {', '.join(item.left_out)}, which one does not offer",) if item.left_out else ()
    times = draw_times(*samples) if is_detailed and samples is not None else None
    return PageView(
        anchor=anchor("p", item.id),
        title=item.title,
        page=item.page,
        chip=chip_of(item),
        change=finding_in_words(item),
        ratio=ratio_in_words(item),
        reason=item.reason,
        row=draw_row(item, scale),
        times=times,
        time_rows=rows_of([quantiles(seconds) for seconds in samples]) if times and samples else (),
        compared=compared,
        seen=seen_in_words(item),
        notes=(*((f"accepted: {item.accepted}",) if item.accepted else ()), *item.notes, *left_out),
        statements=item.statement_changes,
        is_detailed=is_detailed,
        numbers=_numbers(item, a, b),
    )


def _numbers(item: PairedBenchmark, a: SideFigures, b: SideFigures) -> tuple[str, ...]:
    interval = f"{item.ci_low:.3f} to {item.ci_high:.3f}" if item.ci_low is not None and item.ci_high else DASH
    rows = DASH if a.row_count is None else count(a.row_count)
    return (
        item.title,
        chip_of(item).word,
        DASH if item.ratio is None else significant(item.ratio, 4),
        interval,
        factor(item.threshold_ratio),
        factor(item.smallest_visible),
        *(DASH if side.median_seconds is None else duration(side.median_seconds) for side in (a, b)),
        *(count(side.sample_count) for side in (a, b)),
        *(DASH if side.statement_count is None else count(side.statement_count) for side in (a, b)),
        DASH if item.cpu_ratio is None else significant(item.cpu_ratio, 4),
        *(DASH if side.cpu_seconds is None else duration(side.cpu_seconds) for side in (a, b)),
        *(DASH if side.rss_bytes is None else byte_size(side.rss_bytes) for side in (a, b)),
        rows,
        *(DASH if side.response_bytes is None else byte_size(side.response_bytes) for side in (a, b)),
        DASH if not item.stage else str(item.stage),
    )


def _run_facts(document: SideBySide) -> tuple[tuple[str, str], ...]:
    environment = document.environment
    stages = "; ".join(
        f"stage {item.number}: {item.benchmark_count} benchmarks in {item.round_count} rounds, "
        f"{duration(item.duration_seconds)}"
        for item in document.stages
    )
    facts = [
        ("Run", document.run_id),
        ("Took", _took(document)),
        ("Stages", stages),
        ("Seed", str(document.seed)),
        ("Smallest change that counts", f"{document.minimum_effect - 1:.1%}"),
        ("Noise floor", "" if document.sigma is None else f"{document.sigma:.2%} (standard error, typical page)"),
        ("Bar", "" if document.z is None else f"{document.z:.2f} standard errors"),
        ("All pages together", _suite(document)),
        ("Cores", cores_in_words(document)),
        ("Machine", f"{environment.cpu_count} cores, {environment.cpu_model}"),
        *_resources(document),
        ("Command", document.command),
    ]
    return tuple((name, text) for name, text in facts if text)


def _took(document: SideBySide) -> str:
    measuring, budget = duration(measuring_seconds(document)), duration(document.budget_seconds)
    return f"{duration(document.wall_seconds)}; measuring took {measuring}, for which {budget} were given"


def _resources(document: SideBySide) -> list[tuple[str, str]]:
    facts = []
    for side in (document.a, document.b):
        if side.cpu_seconds is not None:
            facts.append((f"Server CPU of {side.label}", f"{duration(side.cpu_seconds)} for all timed requests"))
        if side.peak_rss_bytes is not None:
            facts.append((f"Peak memory of {side.label}", byte_size(side.peak_rss_bytes)))
    return facts


def _suite(document: SideBySide) -> str:
    if document.suite_ratio is None or document.suite_ci_low is None or document.suite_ci_high is None:
        return ""
    interval = f"{document.suite_ci_low:.3f} to {document.suite_ci_high:.3f}"
    return f"B / A is {document.suite_ratio:.3f} (95 % interval {interval})"
