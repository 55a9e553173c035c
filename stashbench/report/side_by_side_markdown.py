"""A comparison as Markdown for a pull request or a CI job's page; all text of strangers inert."""

from __future__ import annotations

from collections.abc import Iterable

from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import PairedBenchmark, SideBySide
from stashbench.report.inert import inert
from stashbench.report.quantities import DASH, count, duration, factor
from stashbench.report.side_by_side_words import (
    chip_of,
    cores_in_words,
    finding_in_words,
    sides_in_words,
    visible_change_in_words,
)
from stashbench.report.view.gains import gains_of_comparison
from stashbench.report.view.side_by_side import place

_ROWS_AT_MOST = 200
_SHOWN = frozenset({Verdict.REGRESSED, Verdict.IMPROVED, Verdict.INCONCLUSIVE})


def render_markdown(document: SideBySide) -> str:
    """Render `compare.md`."""
    return "\n".join([*_head(document), *_table(document), *_apart(document)]) + "\n"


def _head(document: SideBySide) -> Iterable[str]:
    yield f"# {inert(document.verdict)}"
    yield ""
    yield from (f"- {inert(line)}" for line in sides_in_words(document))
    yield ""
    gains = gains_of_comparison(document)
    if gains:
        yield f"▼ {inert(gains)}"
        yield ""
    cores = cores_in_words(document)
    told = f"{cores[:1].upper()}{cores[1:]}." if cores else ""
    yield " ".join(filter(None, [inert(visible_change_in_words(document)), inert(told)]))
    yield ""
    if document.partial:
        yield "> **This comparison is partial.**"
        yield from (f"> - {inert(reason)}" for reason in document.partial_reasons)
        yield ""
    if document.warnings:
        yield from (f"- {inert(warning)}" for warning in document.warnings)
        yield ""


def _table(document: SideBySide) -> Iterable[str]:
    shown = [item for item in document.benchmarks if item.verdict in _SHOWN]
    shown.sort(key=place)
    unchanged = sum(item.verdict is Verdict.UNCHANGED for item in document.benchmarks)
    if shown:
        yield "| | Page | A | B | B against A | 95 % interval | Counts beyond | Smallest visible | Statements |"
        yield "| --- | --- | ---: | ---: | --- | --- | --- | --- | --- |"
        yield from (_row(item) for item in shown[:_ROWS_AT_MOST])
        yield ""
        yield "A and B: the fastest tenth of the answers. B / A: from moments in which both were asked."
        yield ""
    if unchanged:
        yield f"{unchanged} of {len(document.benchmarks)} pages are unchanged."
        yield ""


def _row(item: PairedBenchmark) -> str:
    chip = chip_of(item)
    a, b = item.a, item.b
    times = [duration(side.q10_seconds) if side and side.q10_seconds is not None else DASH for side in (a, b)]
    interval = f"{item.ci_low:.3f} to {item.ci_high:.3f}" if item.ci_low is not None and item.ci_high else DASH
    counts = [side.statement_count if side else None for side in (a, b)]
    statements = DASH
    if counts[0] is not None and counts[1] is not None:
        statements = count(counts[0]) if counts[0] == counts[1] else f"{count(counts[0])} → {count(counts[1])}"
    limits = (factor(item.threshold_ratio), factor(item.smallest_visible))
    cells = (
        f"{chip.shape} {chip.word}",
        inert(item.title),
        *times,
        finding_in_words(item),
        interval,
        *limits,
        statements,
    )
    return f"| {' | '.join(cells)} |"


def _apart(document: SideBySide) -> Iterable[str]:
    for item in document.benchmarks:
        if item.accepted:
            yield f"- {inert(item.title)}: accepted. {inert(item.accepted)}"
        if item.verdict in {Verdict.GONE, Verdict.NEW, Verdict.NOT_COMPARABLE}:
            word = chip_of(item).word
            yield f"- {inert(item.title)}: {word[0].lower()}{word[1:]}. {inert(item.reason)}"
