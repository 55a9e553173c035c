"""Counts what a query costs in SQLite's own steps: numbers that hardly depend on the machine or its load.

Statements come from a server's log, which may be anybody's: only reading is allowed, and steps, memory and time end.
"""

from __future__ import annotations

import time

import apsw

from stashbench.sqlite.functions import register
from stashbench.sqlite.protocol import Blob, Counts, Job, Task

_BUSY_MILLISECONDS = 2000
_HEAP_BYTES = 512 << 20
_LONGEST_VALUE_BYTES = 32 << 20
_STEPS_BETWEEN_LOOKS = 10_000
_ALLOWED = frozenset(
    {apsw.SQLITE_SELECT, apsw.SQLITE_READ, apsw.SQLITE_FUNCTION, apsw.SQLITE_RECURSIVE}  # of all that a query can do
)


class Counting:
    """One read-only connection; `close` it."""

    def __init__(self, job: Job) -> None:
        apsw.hard_heap_limit(_HEAP_BYTES)
        self._job = job
        self._deadline = time.monotonic() + job.limit_seconds
        self._looks = 0
        self._events: list[dict[str, int]] = []
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        self._connection = connection = apsw.Connection(job.uri, flags=flags)
        connection.set_busy_timeout(_BUSY_MILLISECONDS)
        connection.limit(apsw.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE_BYTES)
        connection.execute("PRAGMA query_only = 1")
        connection.execute("PRAGMA temp_store = MEMORY")
        register(connection)
        connection.authorizer = _authorize
        connection.trace_v2(apsw.SQLITE_TRACE_PROFILE, self._note)
        connection.set_progress_handler(self._is_enough, _STEPS_BETWEEN_LOOKS)

    def count(self, task: Task) -> Counts:
        """Run a query to its end, throwing its rows away; never raises for what the query does."""
        if time.monotonic() > self._deadline:
            return Counts(reason=self._too_long)
        values = [value.content if isinstance(value, Blob) else value for value in task.arguments]
        self._looks = 0
        self._events.clear()
        reason, is_at_least = "", False
        try:
            for _ in self._connection.execute(task.sql, values, can_cache=False):
                pass
        except apsw.InterruptError:
            is_at_least = True
            reason = self._too_long if time.monotonic() > self._deadline else ""
        except apsw.AuthError:
            reason = "it does more than reading"
        except (apsw.Error, ValueError, TypeError, ArithmeticError, RecursionError, MemoryError) as error:
            reason = f"SQLite refuses it here ({type(error).__name__.removesuffix('Error')})"
        if reason or len(self._events) != 1:
            return Counts(reason=reason or "it is not one statement")
        (status,) = self._events
        return Counts(
            vm_step_count=status["SQLITE_STMTSTATUS_VM_STEP"],
            full_scan_step_count=status["SQLITE_STMTSTATUS_FULLSCAN_STEP"],
            sort_count=status["SQLITE_STMTSTATUS_SORT"],
            auto_index_row_count=status["SQLITE_STMTSTATUS_AUTOINDEX"],
            is_at_least=is_at_least,
        )

    def close(self) -> None:
        """Close the connection; nothing was written."""
        self._connection.close()

    @property
    def _too_long(self) -> str:
        return f"counting was ended after {self._job.limit_seconds:.0f} s"

    def _note(self, event: dict[str, dict[str, int]]) -> None:
        self._events.append(event["stmt_status"])

    def _is_enough(self) -> bool:
        """Say whether SQLite shall break off."""
        self._looks += 1
        return self._looks * _STEPS_BETWEEN_LOOKS >= self._job.step_limit or time.monotonic() > self._deadline


def _authorize(action: int, *_details: str | None) -> int:
    return int(apsw.SQLITE_OK if action in _ALLOWED else apsw.SQLITE_DENY)
