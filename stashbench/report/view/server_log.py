"""Slow statements the server wrote into its own log, and where was looked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.model.result import AuditResult
from stashbench.model.server_log import LogSource, SlowStatement
from stashbench.model.text import one_line
from stashbench.report.quantities import count, duration
from stashbench.report.view.words import plural

_SHOWN_STATEMENTS = 20
_SHOWN_CHARACTERS = 500
_SOURCES_APART = 2
"""The kept lines and the log file itself; its older parts are shown as one unless there is something to say."""


@dataclass(frozen=True, slots=True)
class SlowView:
    """One shape: how often in all and during the audit, seconds, and when."""

    count: str
    during_audit: str
    total: str
    slowest: str
    seen: str
    sources: str
    sql: str


@dataclass(frozen=True, slots=True)
class ServerLogView:
    """What was found, the costliest first, and one line on each place."""

    statements: tuple[SlowView, ...]
    more: int
    sources: tuple[tuple[str, str], ...]


def view_server_log(result: AuditResult) -> ServerLogView:
    """Return what the server's log told of slow statements."""
    found = result.logged_statements
    silent = [source for source in result.log_sources[_SOURCES_APART:] if source.is_read and not source.reason]
    apart = [source for source in result.log_sources if source not in silent]
    sources = [(source.name, source_in_words(source)) for source in apart]
    if silent:
        sources.append((f"{plural(len(silent), 'older part')} of it", source_in_words(_together(silent))))
    return ServerLogView(
        tuple(_statement(item) for item in found[:_SHOWN_STATEMENTS]),
        max(0, len(found) - _SHOWN_STATEMENTS),
        tuple(sources),
    )


def _together(sources: Sequence[LogSource]) -> LogSource:
    """Return many parts as one."""
    begins = [source.begins_at for source in sources if source.begins_at]
    ends = [source.ends_at for source in sources if source.ends_at]
    return LogSource(
        name="",
        is_read=True,
        line_count=sum(source.line_count or 0 for source in sources),
        slow_count=sum(source.slow_count for source in sources),
        begins_at=min(begins, default=""),
        ends_at=max(ends, default=""),
    )


def source_in_words(source: LogSource) -> str:
    """Return what was read of one place, or why nothing was."""
    if not source.is_read:
        return source.reason or "not read"
    lines = "" if source.line_count is None else f" in {plural(source.line_count, 'line')}"
    seen = f", {source.begins_at} to {source.ends_at}" if source.begins_at else ""
    said = f"{plural(source.slow_count, 'slow statement')}{lines}{seen}"
    return f"{said}; {source.reason}" if source.reason else said


def _statement(item: SlowStatement) -> SlowView:
    seen = item.first_seen if item.first_seen == item.last_seen else f"{item.first_seen} to {item.last_seen}"
    return SlowView(
        count=count(item.count),
        during_audit=count(item.during_audit_count),
        total=duration(item.total_seconds),
        slowest=duration(item.slowest_seconds),
        seen=seen,
        sources=", ".join(item.sources[:3]) + (" and more" if len(item.sources) > 3 else ""),  # noqa: PLR2004 - room
        sql=one_line(item.sql_shape, _SHOWN_CHARACTERS),
    )
