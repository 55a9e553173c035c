"""SQL statements of one request, as the server logged them: shapes only, never arguments."""

from __future__ import annotations

from stashbench.model.base import Model


class Statement(Model):
    """All executions of one statement shape within one request.

    `logged_seconds` sums what the log said (None where it said nothing, as for writes). It often leaves out the
    stepping of rows and parallel statements overlap, so it is no share of the request's time.
    """

    fingerprint: str
    sql_shape: str
    count: int
    logged_seconds: float | None = None
    slowest_seconds: float | None = None
    slow_count: int = 0


class StatementTrace(Model):
    """The statements of one request run once, alone. With `is_available` false, `reason` says why there are none.

    `is_complete` is false where lines may have been lost, `has_foreign_traffic` true where other clients or jobs were
    seen at work at the time, so that some statements may be theirs; `reason` says what was seen.
    """

    operation: str
    is_available: bool
    reason: str = ""
    is_complete: bool = False
    has_foreign_traffic: bool = False
    latency_seconds: float | None = None
    statement_count: int | None = None
    logged_seconds: float | None = None
    statements: tuple[Statement, ...] = ()

    @property
    def slowest(self) -> Statement | None:
        """The shape with the slowest single execution."""
        timed = [statement for statement in self.statements if statement.slowest_seconds is not None]
        return max(timed, key=lambda statement: statement.slowest_seconds or 0.0, default=None)

    @property
    def most_repeated(self) -> Statement | None:
        """The shape executed most often: the N+1 of a page."""
        return max(self.statements, key=lambda statement: statement.count, default=None)
