"""The SQL statements of every benchmark on one side, read from the server's own log, and what they cost SQLite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from stashbench.collect.statement_work import count_work
from stashbench.compare.plan import PairedRequest, PathRequest
from stashbench.compare.side import Side
from stashbench.model.statement import StatementTrace
from stashbench.model.target import Facility
from stashbench.stash.client import StashClient
from stashbench.stash.log_line import LoggedStatement
from stashbench.stash.sql_trace import TracedRequest, capture_each, traced, traced_get

RUNS = 3
"""Stash gathers the rows of a page's relations for a moment and asks for them together, so the number of statements
depends on timing: the same page of a v0.30 took 367 to 437."""
_SLOW_SECONDS = 0.5


class Turn(Protocol):
    """The right to have a server work, of which two sides have one."""

    def take(self) -> None:
        """Wait for it."""

    def leave(self) -> None:
        """Give it up; without effect where it was not taken."""


class _Alone:
    def take(self) -> None:
        pass

    def leave(self) -> None:
        pass


def trace_side(
    side: Side, requests: Sequence[PairedRequest], turn: Turn | None = None
) -> dict[int, list[StatementTrace]]:
    """Run each request that both sides answered and return its traces by index; never raises for what servers do.

    With a `turn`, requests are run only while it is this side's.
    """
    turn = turn or _Alone()
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
            wanted.append(_leaving(made, turn))
            indexes.append(index)
    latest: dict[int, StatementTrace] = {}
    kept: dict[int, Sequence[LoggedStatement]] = {}
    is_at_hand = side.target.database_path is not None
    capture_each(
        side.target.client,
        wanted,
        latest.__setitem__,
        starting=lambda _index: turn.take(),
        keep=kept.__setitem__ if is_at_hand else None,
    )
    turn.take()
    for place, trace in sorted(_with_work(side, latest, kept).items()):
        found.setdefault(indexes[place], []).append(trace)
    turn.leave()
    return found


def _leaving(request: TracedRequest, turn: Turn) -> TracedRequest:
    def send(client: StashClient) -> None:
        try:
            request.send(client)
        finally:
            turn.leave()

    return TracedRequest(request.name, send)


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
