"""The summary for a CI job page: verdict, score, first advice, regressions, a table; all text of strangers inert."""

from __future__ import annotations

from collections.abc import Iterable

from stashbench.model.finding import Finding, Outcome, Severity
from stashbench.model.result import AuditResult
from stashbench.report.changes_markdown import changes_in_markdown
from stashbench.report.inert import inert
from stashbench.report.quantities import byte_size, minutes_of_work
from stashbench.report.view.advice import gain_in_words
from stashbench.report.view.benchmarks import view_groups, view_unusable
from stashbench.report.view.findings import limits_in_words
from stashbench.report.view.headline import view_headline
from stashbench.report.view.server_log import view_server_log
from stashbench.report.view.statements import view_statements
from stashbench.report.view.words import BASES, outcome_chip, plural

LONGEST_BYTES = 1_000_000
_ADVICE_AT_MOST = 5
_ROWS_AT_MOST = 200
_PAGES_AT_MOST = 15


def render_markdown(result: AuditResult) -> str:
    """Render `summary.md`, never longer than a job summary may be (1 MiB)."""
    parts = [
        *_head(result),
        *_advice(result),
        *changes_in_markdown(result),
        *_findings(result.findings),
        *_benchmarks(result),
        *_statements(result),
    ]
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part.encode()) + 1
        if size > LONGEST_BYTES:
            kept.append("\n_Cut here: the rest is in report.html._")
            break
        kept.append(part)
    return "\n".join(kept) + "\n"


def _head(result: AuditResult) -> Iterable[str]:
    head = view_headline(result)
    yield f"# {inert(head.verdict)}"
    yield ""
    if head.score.number:
        bounds = f" ({head.score.bounds})" if head.score.bounds else ""
        yield f"**Score {head.score.number} of 100**, {head.score.chip.word.lower()}{bounds}"
    else:
        yield f"**Not scored.** {inert(head.score.reason)}"
    yield ""
    yield f"{inert(head.target)}; {inert(head.facts)}."
    yield ""
    if head.gains:
        yield f"▼ {inert(head.gains)}"
        yield ""
    if head.partial:
        yield "> **This report is partial.**"
        yield from (f"> - {inert(reason)}" for reason in head.partial_reasons)
        yield ""
    if head.warnings:
        yield from (f"- {inert(warning)}" for warning in head.warnings)
        yield ""


def _advice(result: AuditResult) -> Iterable[str]:
    yield "## What to do first"
    yield ""
    if not result.recommendations:
        yield view_headline(result).nothing_to_do
    for rank, item in enumerate(result.recommendations[:_ADVICE_AT_MOST], 1):
        gain = gain_in_words(item.impact)
        if item.impact.performance_percent is not None:
            gain += f", {BASES[item.impact.basis].word}"
        effort = minutes_of_work(item.implementation.estimated_minutes)
        yield f"{rank}. **{inert(item.title)}** ({gain}; {effort} of work)"
        yield f"   {inert(item.description)}"
    more = len(result.recommendations) - _ADVICE_AT_MOST
    if more > 0:
        yield ""
        yield f"And {plural(more, 'more piece', 'more pieces')} of advice in report.html."
    yield ""


def _findings(findings: Iterable[Finding]) -> Iterable[str]:
    order = tuple(Severity)[::-1]
    failed = [item for item in findings if item.outcome in {Outcome.FAILED, Outcome.ERROR}]
    failed.sort(key=lambda item: (item.outcome is Outcome.ERROR, order.index(item.severity)))
    if not failed:
        return
    yield "## Findings"
    yield ""
    yield "| | Check | What was found | Limits |"
    yield "| --- | --- | --- | --- |"
    for item in failed[:_ROWS_AT_MOST]:
        chip = outcome_chip(item)
        limits = inert(limits_in_words(item.threshold)) if item.threshold else ""
        yield f"| {chip.shape} {chip.word} | {inert(item.title)} | {inert(item.message)} | {limits} |"
    yield ""


def _benchmarks(result: AuditResult) -> Iterable[str]:
    groups = view_groups(result)
    sizes = {item.title: item.response_bytes for item in result.measurements}
    if groups:
        yield "## Benchmarks"
        yield ""
        yield "| Group | Benchmark | Median | 95 % interval | Answer | Against the baseline |"
        yield "| --- | --- | ---: | --- | ---: | --- |"
    for group in groups:
        for item in group.benchmarks:
            size = sizes.get(item.title)
            verdict = f"{item.chip.shape} {item.chip.word}, {item.change}" if item.chip else ""
            cells = (inert(group.name), inert(item.title), item.median, item.interval)
            yield f"| {' | '.join(cells)} | {'' if size is None else byte_size(size)} | {verdict.rstrip(', ')} |"
    yield ""
    for missing in view_unusable(result.measurements):
        reason = missing.reason[:1].upper() + missing.reason[1:]
        yield f"- {inert(missing.title)}: {missing.word.lower()}. {inert(reason)}"


def _statements(result: AuditResult) -> Iterable[str]:
    view, log = view_statements(result), view_server_log(result)
    if view.pages:
        yield ""
        yield "## SQL statements"
        yield ""
        yield "| Page | Statements | As logged | Most repeated for each row | Remarks |"
        yield "| --- | ---: | ---: | --- | --- |"
    for page in view.pages[:_PAGES_AT_MOST]:
        yield f"| {inert(page.title)} | {page.count} | {page.logged} | {page.repeated} | {inert(page.remarks)} |"
    if len(view.pages) > _PAGES_AT_MOST:
        yield ""
        yield f"{len(view.pages) - _PAGES_AT_MOST} more pages are in report.html."
    if view.unread:
        yield ""
    for reason, titles in view.unread:
        yield f"- Statements of {plural(len(titles), 'page')} were not read: {inert(reason)}"
    if log.statements:
        yield ""
        yield f"Slow statements in the server's log: {plural(len(result.logged_statements), 'kind')}; the costliest:"
        yield ""
    for item in log.statements[:_ADVICE_AT_MOST]:
        yield f"- {item.count} times, {item.total} in all, up to {item.slowest}: {inert(item.sql)}"
