"""Do requests succeed, with a sane number of statements, and can the server's log be followed?"""

from __future__ import annotations

import pytest

from stashbench.analyse.checks.requests import PageStatements, error_rate, log_stream, statements_per_row
from stashbench.collect.probes.errors import count_errors
from stashbench.collect.probes.idle import IdleWatch
from stashbench.collect.probes.operations import ListPage, bare_request, prepare
from stashbench.collect.probes.statements import FEW_ROWS, MANY_ROWS, PageTraces
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.model.statement import StatementTrace
from stashbench.stash.client import StashClient

REQUESTS = 120


@pytest.mark.audit(
    id="error-rate",
    category="api",
    severity="critical",
    title="Share of requests that fail",
    warning=0.5,
    critical=5,
    unit="%",
)
def audit_error_rate(audit: EvidenceRecorder, stash: StashClient, pages: tuple[ListPage, ...]) -> None:
    """Small, plain requests should never fail."""
    requests = [prepare(stash, "system_status"), *(bare_request(stash, page, 1) for page in pages)]
    error_rate(*count_errors(stash, requests, REQUESTS)).tell(audit)


@pytest.mark.audit(
    id="statements-per-row",
    category="api",
    severity="warning",
    title="Statements for each row of a plain list",
    warning=0.5,
    critical=5,
    unit="statements/row",
)
def audit_statements_per_row(audit: EvidenceRecorder, traces: tuple[PageTraces, ...]) -> None:
    """A list of bare ids and names needs a fixed number of statements; one more for each row is an N+1 pattern."""
    unusable = next((trace for trace in traces if not (trace.few.is_available and trace.many.is_available)), None)
    if unusable is not None:
        audit.not_measured(unusable.few.reason or unusable.many.reason)
        return
    statements = [
        PageStatements(
            operation=trace.query,
            few_rows=FEW_ROWS,
            many_rows=MANY_ROWS,
            few=_by_shape(trace.few),
            many=_by_shape(trace.many),
            page_statement_count=trace.page.statement_count,
            has_foreign_traffic=trace.few.has_foreign_traffic or trace.many.has_foreign_traffic,
            is_complete=trace.few.is_complete and trace.many.is_complete,
        )
        for trace in traces
    ]
    statements_per_row(statements).tell(audit)


@pytest.mark.audit(id="log-stream", category="api", severity="info", title="The log can be followed over a websocket")
def audit_log_stream(audit: EvidenceRecorder, idle: IdleWatch) -> None:
    """Progress of tasks and the log reach the web interface over a websocket, which some proxies break."""
    log_stream(idle.log_failure).tell(audit)


def _by_shape(trace: StatementTrace) -> dict[str, int]:
    return {statement.sql_shape: statement.count for statement in trace.statements}
