"""Adds up what single executions cost to what a statement and a page cost; what is not known stays unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from stashbench.model.statement import Statement, StatementTrace
from stashbench.model.text import one_line
from stashbench.sqlite.protocol import Counts
from stashbench.stash.sql_shape import fingerprint_of

_REASON_CHARACTERS = 200
_COUNTS = ("vm_step_count", "full_scan_step_count", "sort_count", "auto_index_row_count")


def add_work(trace: StatementTrace, pairs: Sequence[tuple[str, Counts]], sqlite_version: str) -> StatementTrace:
    """Return the trace with the work of its executions, given as (shape, counts)."""
    by_fingerprint: dict[str, list[Counts]] = {}
    for shape, counts in pairs:
        by_fingerprint.setdefault(fingerprint_of(shape), []).append(counts)
    statements = tuple(_with_work(item, by_fingerprint.get(item.fingerprint, [])) for item in trace.statements)
    known = [item for item in statements if item.vm_step_count is not None]
    reasons = Counter(counts.reason for _, counts in pairs if counts.reason)
    unknown_count = sum(item.count for item in statements if item.vm_step_count is None)
    return msgspec.structs.replace(
        trace,
        **_sums(known) if known or not statements else {},
        statements=statements,
        is_at_least=any(item.is_at_least for item in known),
        uncounted_count=unknown_count,
        work_reason=_in_words(unknown_count, reasons),
        sqlite_version=sqlite_version,
    )


def _with_work(statement: Statement, executions: Sequence[Counts]) -> Statement:
    reason = next((counts.reason for counts in executions if counts.reason), "" if executions else "it was not kept")
    if reason:
        return msgspec.structs.replace(statement, work_reason=one_line(reason, _REASON_CHARACTERS))
    is_at_least = any(counts.is_at_least for counts in executions)
    return msgspec.structs.replace(statement, **_sums(executions), is_at_least=is_at_least)


def _sums(items: Sequence[Counts] | Sequence[Statement]) -> dict[str, int]:
    return {name: sum(getattr(item, name) for item in items) for name in _COUNTS}


def _in_words(unknown_count: int, reasons: Counter[str]) -> str:
    if not unknown_count:
        return ""
    often = reasons.most_common(1)
    why = f", mostly because {often[0][0]}" if len(reasons) > 1 else f", because {often[0][0]}" if often else ""
    are = "execution is" if unknown_count == 1 else "executions are"
    return one_line(f"{unknown_count:,} {are} not in the counts{why}", _REASON_CHARACTERS)
