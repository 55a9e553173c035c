"""The profiling pass: after the last benchmark each request runs once more, alone, to read its SQL statements.

Apart from the timed pass, because following the log costs the server time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from stashbench.harness.spans import operation_span
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.statement import StatementTrace
from stashbench.model.target import Facility

if TYPE_CHECKING:
    from stashbench.harness.session import AuditSession
    from stashbench.stash.log_line import LoggedStatement
    from stashbench.stash.sql_trace import TracedRequest

SPAN_ID = "profile"
LABEL = "SQL statements of each page"
SLOWEST_SECONDS = 10.0
SWITCHED_OFF = "reading statements was switched off (--no-profile)"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A measured request, and where pytest-benchmark keeps what is noted beside its times."""

    nodeid: str
    request: TracedRequest
    notes: dict[str, Any]


class Profiler:
    """Knows the requests the benchmarks measured and, once, reads their statements from the server's log.

    `last_nodeid` is the benchmark after which the pass is due.
    """

    def __init__(self, session: AuditSession) -> None:
        self._session = session
        self._entries: dict[str, _Entry] = {}
        self._is_over = False
        self.last_nodeid = ""
        self.partial_reason = ""

    def register(self, nodeid: str, request: TracedRequest, notes: dict[str, Any]) -> None:
        """Take over a request that was just measured; it must not change data."""
        self._entries[nodeid] = _Entry(nodeid, request, notes)

    def run_if_due(self, nodeid: str) -> None:
        """Make the pass if that was the last benchmark; KeyboardInterrupt ends it, keeping what is certain."""
        session = self._session
        if nodeid != self.last_nodeid or self._is_over:
            return
        self._is_over = True
        measured = {item.nodeid: item for item in session.record.measurements}
        usable = [
            entry
            for entry in self._entries.values()
            if entry.nodeid in measured and measured[entry.nodeid].outcome is MeasurementOutcome.OK
        ]
        chosen = []
        why_none = self._why_none()
        for entry in usable:
            reason = why_none or _why_not(measured[entry.nodeid])
            if reason:
                self._keep(entry, StatementTrace(operation=entry.request.name, is_available=False, reason=reason))
            else:
                chosen.append(entry)
        if chosen:
            self._trace(chosen)
        session.server_log.read()

    def _why_none(self) -> str:
        """Return why no request at all is traced; empty if they are."""
        session = self._session
        if not session.settings.audit.profile:
            return SWITCHED_OFF
        if session.loss:
            return f"the server was lost ({session.loss})"
        if not session.target.info.can(Facility.SQL_LOG):
            return session.target.info.reason(Facility.SQL_LOG) or "the server's log is not within reach"
        return ""

    def _trace(self, chosen: list[_Entry]) -> None:
        from stashbench.stash.sql_trace import capture_each

        session = self._session
        done: dict[int, StatementTrace] = {}
        kept: dict[int, Sequence[LoggedStatement]] = {}
        titles = {item.nodeid: item.title for item in session.record.measurements}

        def starting(index: int) -> None:
            session.progress.profiling(index, len(chosen), titles[chosen[index].nodeid])

        def report(index: int, trace: StatementTrace) -> None:
            done[index] = trace
            self._keep(chosen[index], trace)

        begin = time.monotonic()
        try:
            requests = [entry.request for entry in chosen]
            keep = kept.__setitem__ if session.target.database_path is not None else None
            with operation_span(session, SPAN_ID, LABEL):
                capture = capture_each(session.target.client, requests, report, starting=starting, keep=keep)
        except BaseException:
            self.partial_reason = (
                f"the statements of {len(chosen) - len(done)} of {len(chosen)} pages were not read from the log"
            )
            raise
        end = time.monotonic()
        self._count_work(chosen, done, kept)
        if capture.stopped:
            session.warn(f"SQL statements were not read from the server's log to the end: {capture.stopped}")
        if capture.was_given_up:
            session.settle("a request that was run once more for its statements")
        if capture.gap_count:
            session.warn(
                "the connection to the server's log was lost while the statements of each page were read "
                f"({capture.gap_count} times); pages whose lines were lost were run again or are marked"
            )
        if capture.foreign_count:
            session.warn(
                "others used the server while the statements of each page were read: "
                f"{capture.foreign_count} of theirs were logged in {end - begin:.0f} s; counts of pages they may have "
                "got into are marked"
            )

    def _count_work(
        self, chosen: list[_Entry], traces: dict[int, StatementTrace], kept: dict[int, Sequence[LoggedStatement]]
    ) -> None:
        """Add what the statements cost SQLite, or why that is not known."""
        from stashbench.collect.statement_work import count_work

        target = self._session.target
        if target.database_path is None:
            why = target.info.reason(Facility.DATABASE_FILE) or "the database is not at hand"
            found = {index: msgspec.structs.replace(trace, work_reason=why) for index, trace in traces.items()}
        else:
            found = count_work(target.database_path, traces, kept)
        for index, trace in found.items():
            self._keep(chosen[index], trace)

    def _keep(self, entry: _Entry, trace: StatementTrace) -> None:
        self._session.update_measurement(entry.nodeid, trace=trace)
        if trace.is_available:
            entry.notes["statement_count"] = trace.statement_count
            entry.notes["are_statements_certain"] = trace.is_clean


def _why_not(measurement: Measurement) -> str:
    """Return why this request is not run once more; empty if it is."""
    if measurement.statistics is None:
        return "it was not timed"
    median = measurement.statistics.median_seconds
    if median > SLOWEST_SECONDS:
        return f"it takes {median:.0f} s, and requests above {SLOWEST_SECONDS:.0f} s are not run once more"
    return ""
