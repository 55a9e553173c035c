"""Examines what of a server is within reach before an audit, and really tries what an audit would only assume."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stashbench.errors import TargetError
from stashbench.model.target import Facility, Reach
from stashbench.stash.operations import load
from stashbench.stash.sql_trace import capture_statements
from stashbench.target import OpenTarget, open_target

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings

# What an audit cannot say without a facility.
NEEDED_FOR: dict[Facility, str] = {
    Facility.API: "everything",
    Facility.PROCESS: "processor time, memory and I/O of each benchmark",
    Facility.HOST: "load, memory and disk of the machine",
    Facility.DATABASE_FILE: "indexes, statistics, fragmentation and WAL",
    Facility.SQL_LOG: "the SQL statements behind each page",
    Facility.JOBS: "scan and job progress",
    Facility.MEDIA: "cover and thumbnail times",
    Facility.WRITES: "the cost of saving",
}


def examine(settings: TargetSettings, *, progress: Callable[[int, int], None] | None = None) -> list[Reach]:
    """Return what is within reach, one entry for each facility; takes a few seconds.

    A server that cannot be used makes its API unavailable with that reason, and nothing else is tried.

    Raises:
        UsageError: settings that contradict each other.
    """
    try:
        with open_target(settings, progress=progress) as target:
            return [
                _try_sql_log(target) if reach.facility is Facility.SQL_LOG else reach for reach in target.info.reaches
            ]
    except TargetError as error:
        return [
            Reach(
                facility=facility,
                is_available=False,
                reason=str(error) if facility is Facility.API else "not examined, because the API is out of reach",
            )
            for facility in Facility
        ]


def _try_sql_log(target: OpenTarget) -> Reach:
    if not target.info.can(Facility.SQL_LOG):
        return Reach(facility=Facility.SQL_LOG, is_available=False, reason=target.info.reason(Facility.SQL_LOG))
    trace = capture_statements(target.client, target.client.prepare(load("system_status")))
    if not trace.is_available:
        return Reach(facility=Facility.SQL_LOG, is_available=False, reason=trace.reason)
    reason = "a known request's statements came through"
    if trace.has_foreign_traffic:
        reason += "; others use the server now, so statements may be mixed up"
    return Reach(facility=Facility.SQL_LOG, is_available=True, reason=reason)
