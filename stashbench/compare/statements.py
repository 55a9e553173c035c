"""The SQL statements of every benchmark, once a side, read from the servers' own logs."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.compare.plan import PairedRequest, PathRequest
from stashbench.compare.side import Side
from stashbench.model.statement import StatementTrace
from stashbench.model.target import Facility
from stashbench.stash.sql_trace import capture_each, traced, traced_get


def trace_side(side: Side, requests: Sequence[PairedRequest]) -> dict[int, StatementTrace]:
    """Run each request that both sides answered once more and return its statements by index; never raises for them."""
    traces: dict[int, StatementTrace] = {}
    ready = [index for index, pair in enumerate(requests) if pair.is_ready]
    if not side.target.info.can(Facility.SQL_LOG):
        return traces
    wanted = []
    for index in ready:
        request = requests[index].sides[side.letter].request
        assert request is not None
        wanted.append(traced_get(request.path) if isinstance(request, PathRequest) else traced(request))

    def keep(place: int, trace: StatementTrace) -> None:
        traces[ready[place]] = trace

    capture_each(side.target.client, wanted, keep)
    return traces
