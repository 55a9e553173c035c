"""SQL statements of each page, those with the most first, and slow statements found in the server's own log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stashbench.analyse.statement_counts import most_per_row, repetition_in_words
from stashbench.model.measurement import Measurement
from stashbench.model.result import AuditResult
from stashbench.model.statement import Statement, StatementTrace
from stashbench.model.text import one_line
from stashbench.report.quantities import DASH, count, duration
from stashbench.report.view.words import plural
from stashbench.report.visible import anchor

_SHOWN_STATEMENTS = 5
_SHOWN_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class StatementView:
    """One shape of a page: how often, how long as logged, and what is odd about it."""

    times: str
    logged: str
    remarks: str
    sql: str


@dataclass(frozen=True, slots=True)
class PageView:
    """The statements of one page; `remarks` say what makes its numbers uncertain."""

    id: str
    href: str
    title: str
    statement_count: int
    count: str
    logged: str
    repeated: str
    slowest: str
    slowest_sql: str
    writes: str
    remarks: str
    summary: str
    statements: tuple[StatementView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class StatementsView:
    """All pages by number of statements, and for what reasons others have none: (reason, titles)."""

    pages: tuple[PageView, ...]
    by_anchor: dict[str, PageView]
    unread: tuple[tuple[str, tuple[str, ...]], ...]


def view_statements(result: AuditResult) -> StatementsView:
    """Return what the profiling pass found."""
    pages = [
        _page(item, item.trace)
        for item in result.measurements
        if item.trace is not None and item.trace.is_available and item.trace.statement_count is not None
    ]
    pages.sort(key=lambda page: (-page.statement_count, page.id))
    return StatementsView(tuple(pages), {page.href: page for page in pages}, unread_pages(result.measurements))


def unread_pages(measurements: Iterable[Measurement]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return why the statements of pages were not read, with the titles of the pages, in the order they ran."""
    reasons: dict[str, list[str]] = {}
    for item in measurements:
        if item.trace is not None and not item.trace.is_available:
            reasons.setdefault(item.trace.reason or "no reason was recorded", []).append(item.title)
    return tuple((reason, tuple(titles)) for reason, titles in reasons.items())


def logged_time(statement: Statement | StatementTrace) -> str:
    """Return the time as the server logged it; a dash where it logged none."""
    return DASH if statement.logged_seconds is None else duration(statement.logged_seconds)


def _page(item: Measurement, trace: StatementTrace) -> PageView:
    slowest = trace.slowest
    ordered = sorted(trace.statements, key=lambda one: (-one.count, -(one.logged_seconds or 0.0), one.fingerprint))
    shown = ordered[:_SHOWN_STATEMENTS]
    if slowest is not None and slowest not in shown:
        shown = [*shown[: _SHOWN_STATEMENTS - 1], slowest]
    counted = plural(trace.statement_count or 0, "statement")
    logged = logged_time(trace)
    row = most_per_row(trace, item.row_count)
    repeated = row.sentence if row else ""
    return PageView(
        id=item.id,
        href=anchor("b", item.id),
        title=item.title,
        statement_count=trace.statement_count or 0,
        count=count(trace.statement_count),
        logged=logged,
        repeated=repeated,
        slowest="" if slowest is None else duration(slowest.slowest_seconds),
        slowest_sql="" if slowest is None else one_line(slowest.sql_shape, _SHOWN_CHARACTERS),
        writes=count(trace.write_count) if trace.write_count else "",
        remarks=_sentence(trace.reason),
        summary=f"{counted}{f', {logged} as logged' if trace.statements else ''}{_of_one(repeated)}",
        statements=tuple(_statement(one, item.row_count, is_slowest=one is slowest) for one in shown),
        more=len(ordered) - len(shown),
    )


def _statement(statement: Statement, row_count: int | None, *, is_slowest: bool) -> StatementView:
    remarks = []
    if is_slowest and statement.slowest_seconds is not None:
        remarks.append(f"the slowest: {duration(statement.slowest_seconds)}")
    if statement.slow_count:
        remarks.append(f"called slow by the server {repetition_in_words(statement.slow_count, None)}")
    if statement.is_write:
        remarks.append("changes data")
    return StatementView(
        times=repetition_in_words(statement.count, row_count),
        logged=logged_time(statement),
        remarks="; ".join(remarks),
        sql=one_line(statement.sql_shape, _SHOWN_CHARACTERS),
    )


def _of_one(repeated: str) -> str:
    return f"; one of them {repeated}" if repeated else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
