"""SQL statements of one request, as the server logged them: shapes only, never arguments."""

from __future__ import annotations

from stashbench.model.base import Model


class Statement(Model):
    """All executions of one statement shape within one request.

    `logged_seconds` sums what the log said (None where it said nothing, as for writes). It often leaves out the
    stepping of rows and parallel statements overlap, so it is no share of the request's time. `slow_count` is how many
    executions the server itself called slow (200 ms and more).

    Where the database was at hand, its queries were run once more, read-only, and SQLite's own steps counted for all
    executions together: `vm_step_count` instructions, `full_scan_step_count` rows stepped over in scans of whole
    tables, `sort_count` sorts without an index, `auto_index_row_count` rows put into indexes made for one statement.
    None where that was not or could not be done for every execution; `work_reason` says why. With `is_at_least` some
    were broken off, having cost that much by then.
    """

    fingerprint: str
    sql_shape: str
    count: int
    logged_seconds: float | None = None
    slowest_seconds: float | None = None
    slow_count: int = 0
    is_write: bool = False
    vm_step_count: int | None = None
    full_scan_step_count: int | None = None
    sort_count: int | None = None
    auto_index_row_count: int | None = None
    is_at_least: bool = False
    work_reason: str = ""


class StatementTrace(Model):
    """The statements of one request run once, alone. With `is_available` false, `reason` says why there are none.

    `is_complete` is false where lines may have been lost, `has_foreign_traffic` true where other clients or jobs were
    seen at work at the time (`foreign_count` statements within a second of the request), so that some statements may
    be theirs; `reason` says what was seen. `run_count` is how often the request was run to get a clean trace,
    `chosen_run` which of the runs is shown.

    The four counts of SQLite's steps are sums over the statements where they are known, None where that is none;
    `uncounted_count` executions are not in them, and `work_reason` says why. `sqlite_version` is of the library that
    counted, not of the server's: counts of two versions are not held against each other.
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
    foreign_count: int = 0
    run_count: int = 1
    chosen_run: int = 1
    vm_step_count: int | None = None
    full_scan_step_count: int | None = None
    sort_count: int | None = None
    auto_index_row_count: int | None = None
    is_at_least: bool = False
    uncounted_count: int | None = None
    work_reason: str = ""
    sqlite_version: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether the counts are the request's own: all there, and nobody else's among them."""
        return self.is_available and self.is_complete and not self.has_foreign_traffic

    @property
    def slowest(self) -> Statement | None:
        """The shape with the slowest single execution."""
        timed = [statement for statement in self.statements if statement.slowest_seconds is not None]
        return max(timed, key=lambda statement: statement.slowest_seconds or 0.0, default=None)

    @property
    def most_repeated(self) -> Statement | None:
        """The shape executed most often: the N+1 of a page."""
        return max(self.statements, key=lambda statement: statement.count, default=None)

    @property
    def write_count(self) -> int:
        """How many statements changed data."""
        return sum(statement.count for statement in self.statements if statement.is_write)

    @property
    def slow_count(self) -> int:
        """How many executions the server itself called slow."""
        return sum(statement.slow_count for statement in self.statements)
