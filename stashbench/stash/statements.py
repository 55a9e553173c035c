"""Sums up logged executions into the statements of one request."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stashbench.model.statement import Statement, StatementTrace
from stashbench.model.text import one_line
from stashbench.stash.log_line import LoggedStatement
from stashbench.stash.sql_shape import fingerprint_of

SHAPE_CHARACTERS = 4000
_WRITE = re.compile(r"(?:INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def summarise_statements(
    operation: str,
    executions: Iterable[LoggedStatement],
    *,
    latency_seconds: float | None = None,
    is_complete: bool,
    foreign_count: int = 0,
    run_count: int = 1,
    chosen_run: int = 1,
) -> StatementTrace:
    """Group executions by shape, costliest first; `foreign_count` is how many statements of others were seen."""
    groups: dict[str, list[LoggedStatement]] = {}
    for execution in executions:
        groups.setdefault(execution.shape, []).append(execution)
    statements = sorted(
        (_summarise(shape, members) for shape, members in groups.items()),
        key=lambda statement: (-(statement.logged_seconds or 0.0), -statement.count, statement.fingerprint),
    )
    logged = [statement.logged_seconds for statement in statements if statement.logged_seconds is not None]
    reasons = []
    if not is_complete:
        reasons.append("lines of the log were lost, so statements may be missing")
    if foreign_count:
        reasons.append(f"{foreign_count} statements of other clients or jobs were seen, so some of these may be theirs")
    if run_count > 1:
        reasons.append(f"run {run_count} times for a clean log, of which run {chosen_run} is shown")
    return StatementTrace(
        operation=operation,
        is_available=True,
        reason="; ".join(reasons),
        is_complete=is_complete,
        has_foreign_traffic=bool(foreign_count),
        latency_seconds=latency_seconds,
        statement_count=sum(statement.count for statement in statements),
        logged_seconds=sum(logged) if logged or not statements else None,
        statements=tuple(statements),
        foreign_count=foreign_count,
        run_count=run_count,
        chosen_run=chosen_run,
    )


def unavailable(operation: str, reason: str) -> StatementTrace:
    """Return the trace of a request whose statements could not be had."""
    return StatementTrace(operation=operation, is_available=False, reason=reason)


def _summarise(shape: str, executions: list[LoggedStatement]) -> Statement:
    timed = [execution.logged_seconds for execution in executions if execution.logged_seconds is not None]
    return Statement(
        fingerprint=fingerprint_of(shape),
        # A hostile or huge statement must not fill the report; its fingerprint is still that of the whole.
        sql_shape=one_line(shape, SHAPE_CHARACTERS),
        count=len(executions),
        logged_seconds=sum(timed) if timed else None,
        slowest_seconds=max(timed, default=None),
        slow_count=sum(execution.is_slow for execution in executions),
        is_write=_WRITE.match(shape) is not None,
    )
