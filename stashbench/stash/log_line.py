"""Reads the SQL statements out of Stash's log messages; arguments are dropped at once unless they are asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from stashbench.stash import go_duration
from stashbench.stash.sql_shape import shape_of

_TIMED = re.compile(rf"(?P<slow>SLOW )?SQL \[(?P<duration>{go_duration.PATTERN})\]: (?P<rest>.*)", re.DOTALL)
_WRITE = re.compile(r"SQL: (?P<rest>.*)", re.DOTALL)
# Cut at the first of these: arguments may hold the same words, statements hold only placeholders.
_TIMED_ARGS = ", args: ["
_WRITE_ARGS = " [["


@dataclass(frozen=True, slots=True)
class Executed:
    """A query as it was run, for running it once more: its text, and its arguments as the log shows them.

    Held in memory only while that is done; never shown, as arguments are somebody's titles and paths.
    """

    sql: str = field(repr=False)
    arguments: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LoggedStatement:
    """One execution: its shape, its logged time in seconds (None for writes, which are logged beforehand).

    `executed` is there only where it was asked for.
    """

    shape: str
    logged_seconds: float | None
    is_slow: bool
    executed: Executed | None = field(default=None, repr=False, compare=False)


def parse_statement(message: str, *, is_keeping_arguments: bool = False) -> LoggedStatement | None:
    """Return the statement a log message tells of, or None where it tells of something else."""
    timed = _TIMED.fullmatch(message)
    if timed is not None:
        seconds = go_duration.parse_duration(timed["duration"])
        sql, separator, arguments = timed["rest"].partition(_TIMED_ARGS)
        is_whole = is_keeping_arguments and separator and arguments.endswith("]")
        executed = Executed(sql, arguments[:-1]) if is_whole else None
        return LoggedStatement(shape_of(sql), seconds, timed["slow"] is not None, executed)
    write = _WRITE.fullmatch(message)
    if write is not None:
        return LoggedStatement(shape_of(write["rest"].partition(_WRITE_ARGS)[0]), None, is_slow=False)
    return None
