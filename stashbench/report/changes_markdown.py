"""What changed since the baseline, as Markdown: the suite, pages that changed or are suspect, then the quiet rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from stashbench.model.baseline import Comparison, Verdict
from stashbench.model.result import AuditResult
from stashbench.report.charts.change import change_in_words, interval_in_words
from stashbench.report.inert import inert
from stashbench.report.quantities import DASH, change, duration
from stashbench.report.view.change_words import chip_of, limit_in_words, size_of
from stashbench.report.view.changes import view_suite

_ROWS_AT_MOST = 200
_ORDER = (Verdict.REGRESSED, Verdict.SUSPECT, Verdict.IMPROVED)


def changes_in_markdown(result: AuditResult) -> Iterable[str]:
    """Render the section on changes."""
    yield "## Changes since the baseline"
    yield ""
    if result.baseline_name is None:
        yield f"No baseline to compare with: {inert(result.baseline_reason or 'none was given')}."
        yield ""
        return
    yield f"Against {inert(result.baseline_name)}: {_counts(result) or 'nothing could be compared'}."
    limit = limit_in_words(result)
    if limit:
        yield limit
    yield ""
    if result.suite_shift is not None:
        suite = view_suite(result.suite_shift)
        said = f"{suite.change} ({suite.interval})" if suite.interval else suite.change or "not judged"
        yield f"**{suite.what}:** {suite.chip.shape} {suite.chip.word}, {said}. {inert(suite.reason)}"
        yield ""
    titles = {item.id: item.title for item in result.measurements}
    changed = [item for item in result.comparisons if item.verdict in _ORDER and not item.accepted]
    changed.sort(key=lambda item: (_ORDER.index(item.verdict), -(item.ratio or 0.0)))
    if changed:
        yield "| | Page | Before | Now | Change | Counts beyond | Smallest visible | Decided by |"
        yield "| --- | --- | ---: | ---: | --- | --- | --- | --- |"
        yield from (_row(item, titles) for item in changed[:_ROWS_AT_MOST])
        yield ""
    counted = [item for item in result.comparisons if item.statement_change][:_ROWS_AT_MOST]
    for item in counted:
        yield f"- {inert(titles.get(item.benchmark_id, item.benchmark_id))}: {inert(item.statement_change)}"
    accepted = [item for item in result.comparisons if item.accepted][:_ROWS_AT_MOST]
    for item in accepted:
        title = inert(titles.get(item.benchmark_id, item.benchmark_id))
        yield f"- {title}: {change_in_words(item)}, accepted. {inert(item.accepted)}"
    if counted or accepted:
        yield ""


def _counts(result: AuditResult) -> str:
    words = Counter(chip_of(item).word.lower().replace(", accepted", " (accepted)") for item in result.comparisons)
    return ", ".join(f"{number} {word}" for word, number in words.most_common())


def _row(item: Comparison, titles: dict[str, str]) -> str:
    chip = chip_of(item)
    limit, visible, interval = item.threshold_ratio, item.smallest_visible, interval_in_words(item)
    cells = (
        f"{chip.shape} {chip.word}",
        inert(titles.get(item.benchmark_id, item.benchmark_id)),
        duration(item.baseline_median_seconds),
        duration(item.current_median_seconds),
        f"{change_in_words(item)} ({interval})" if interval else change_in_words(item),
        f"{change(limit)} or {change(1 / limit)}" if limit else DASH,
        size_of(visible) if visible else DASH,
        inert(item.decided_by) or DASH,
    )
    return f"| {' | '.join(cells)} |"
