"""The SQL statements of every benchmark on one side, read from the server's own log, and what they cost SQLite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from stashbench.collect.statement_work import count_work
from stashbench.compare.plan import PairedRequest, PathRequest
from stashbench.compare.side import Side
from stashbench.model.statement import StatementTrace
from stashbench.model.target import Facility
from stashbench.stash.log_line import LoggedStatement
from stashbench.stash.sql_trace import capture_each, traced, traced_get

RUNS = 3
"""Stash gathers the rows of a page's relations for a moment and asks for them together, so the number of statements
depends on timing: the same page of a v0.30 took 367 to 437."""
_SLOW_SECONDS = 0.5


def trace_side(side: Side, requests: Sequence[PairedRequest]) -> dict[int, list[StatementTrace]]:
    """Run each request that both sides answered and return its traces by index; never raises for what servers do."""
    found: dict[int, list[StatementTrace]] = {}
    if not side.target.info.can(Facility.SQL_LOG):
        return found
    wanted, indexes = [], []
    for index, pair in enumerate(requests):
        asked = pair.sides[side.letter]
        if not pair.is_ready or asked.request is None or asked.answer is None:
            continue
        request = asked.request
        made = traced_get(request.path) if isinstance(request, PathRequest) else traced(request)
        for _ in range(1 if asked.answer.seconds > _SLOW_SECONDS else RUNS):
            wanted.append(made)
            indexes.append(index)
    latest: dict[int, StatementTrace] = {}
    kept: dict[int, Sequence[LoggedStatement]] = {}
    is_at_hand = side.target.database_path is not None
    capture_each(side.target.client, wanted, latest.__setitem__, keep=kept.__setitem__ if is_at_hand else None)
    for place, trace in sorted(_with_work(side, latest, kept).items()):
        found.setdefault(indexes[place], []).append(trace)
    return found


def _with_work(
    side: Side, traces: Mapping[int, StatementTrace], kept: Mapping[int, Sequence[LoggedStatement]]
) -> Mapping[int, StatementTrace]:
    """Return the traces with SQLite's steps, or with the reason why there are none."""
    info = side.target.info
    path = side.target.database_path
    if path is None:
        why = info.reason(Facility.DATABASE_FILE) or "the database is not at hand"
        return {place: msgspec.structs.replace(trace, work_reason=why) for place, trace in traces.items()}
    return count_work(path, traces, kept)
