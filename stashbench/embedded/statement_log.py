"""Log lines of SQL statements, in the shape Stash gives them, so that its readers work on this server too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from stashbench.embedded.duration import format_duration
from stashbench.embedded.loghub import LogHub, LogLevel

SLOW_NANOSECONDS = 200_000_000

Value = str | int | float | bytes | bool | None


class StatementLog:
    """Publishes executed statements to the hub: TRACE, or DEBUG with the word SLOW from 200 ms on."""

    def __init__(self, hub: LogHub) -> None:
        self._hub = hub

    def record(self, nanoseconds: int, sql: str, args: Sequence[Value]) -> None:
        """Log one timed statement."""
        level = LogLevel.DEBUG if nanoseconds >= SLOW_NANOSECONDS else LogLevel.TRACE
        self._hub.publish(level, partial(statement_line, nanoseconds, sql, tuple(args)))

    def record_write(self, sql: str, args: Sequence[Value]) -> None:
        """Log an INSERT, UPDATE or DELETE before it runs, without a time, as Stash's query builder does."""
        self._hub.publish(LogLevel.TRACE, partial(write_line, sql, tuple(args)))


def statement_line(nanoseconds: int, sql: str, args: Sequence[Value]) -> str:
    """Return `SQL [428.049µs]: SELECT ..., args: [1 2]` (`SLOW SQL` from 200 ms on)."""
    word = "SLOW SQL" if nanoseconds >= SLOW_NANOSECONDS else "SQL"
    return f"{word} [{format_duration(nanoseconds)}]: {sql}, args: {format_args(args)}"


def write_line(sql: str, args: Sequence[Value]) -> str:
    """Return `SQL: UPDATE ... [[1 2]]`."""
    return f"SQL: {sql} [{format_args(args)}]"


def format_args(args: Sequence[Value]) -> str:
    """Write values as Go's %v does: space-separated in brackets, nil for NULL, byte values for a blob."""
    return f"[{' '.join(_format_value(value) for value in args)}]"


def _format_value(value: Value) -> str:
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return f"[{' '.join(map(str, value))}]"
    return str(value)
