"""Work that does not depend on the machine, held against each other exactly: SQL statements of one request."""

from __future__ import annotations

from stashbench.model.baseline import Verdict
from stashbench.model.side_by_side import StatementChange
from stashbench.model.statement import StatementTrace

NOTABLE_SHARE = 0.10
NOTABLE_COUNT = 3
"""Connections come and go, and each new one runs a pragma or two: one more statement is no change of a page."""
CHANGES_AT_MOST = 5


def judge_work(a: StatementTrace | None, b: StatementTrace | None) -> tuple[Verdict | None, str]:
    """Compare what both sides ran for one request; None where one of them is not known for certain.

    The reason says how many statements each ran, or why that cannot be said.
    """
    for letter, trace in (("A", a), ("B", b)):
        if trace is None or trace.statement_count is None or not trace.is_clean:
            why = trace.reason if trace is not None and trace.reason else "its statements were not read"
            return None, f"statements of {letter}: {why}"
    assert a is not None
    assert b is not None
    before, after = a.statement_count or 0, b.statement_count or 0
    counts = f"B runs {after:,} SQL statements where A runs {before:,}"
    notable = max(NOTABLE_COUNT, NOTABLE_SHARE * before)
    if after - before >= notable:
        return Verdict.REGRESSED, counts
    if before - after >= max(NOTABLE_COUNT, NOTABLE_SHARE * after):
        return Verdict.IMPROVED, counts
    return Verdict.UNCHANGED, counts


def combine(time: Verdict, time_reason: str, work: Verdict | None, work_reason: str) -> tuple[Verdict, str]:
    """Return what clock and statements amount to.

    More statements are a regression although the clock sees none on this machine: they cost more on a larger library
    or a slower disk. A page that became faster by more statements is faster.
    """
    if work is Verdict.REGRESSED and time in {Verdict.UNCHANGED, Verdict.INCONCLUSIVE}:
        return Verdict.REGRESSED, f"{work_reason}; by the clock: {time_reason}"
    if work in {Verdict.REGRESSED, Verdict.IMPROVED}:
        return time, f"{time_reason}; {work_reason}"
    return time, time_reason


def statement_changes(a: StatementTrace | None, b: StatementTrace | None) -> tuple[StatementChange, ...]:
    """Return the statement shapes whose number differs most, the largest difference first."""
    if a is None or b is None:
        return ()
    counts: dict[str, list[int]] = {}
    for place, trace in enumerate((a, b)):
        for statement in trace.statements:
            counts.setdefault(statement.sql_shape, [0, 0])[place] += statement.count
    changed = [
        StatementChange(sql_shape=shape, count_a=before, count_b=after)
        for shape, (before, after) in counts.items()
        if before != after
    ]
    changed.sort(key=lambda item: (-abs(item.count_b - item.count_a), item.sql_shape))
    return tuple(changed[:CHANGES_AT_MOST])
