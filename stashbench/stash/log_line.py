"""Reads the SQL statements out of Stash's log messages; arguments are dropped before anything is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stashbench.stash import go_duration
from stashbench.stash.sql_shape import shape_of

_TIMED = re.compile(rf"(?P<slow>SLOW )?SQL \[(?P<duration>{go_duration.PATTERN})\]: (?P<rest>.*)", re.DOTALL)
_WRITE = re.compile(r"SQL: (?P<rest>.*)", re.DOTALL)
_TIMED_ARGS = ", args: ["
_WRITE_ARGS = " [["


@dataclass(frozen=True, slots=True)
class LoggedStatement:
    """One execution: its shape, its logged time in seconds (None for writes, which are logged beforehand)."""

    shape: str
    logged_seconds: float | None
    is_slow: bool


def parse_statement(message: str) -> LoggedStatement | None:
    """Return the statement a log message tells of, or None where it tells of something else."""
    timed = _TIMED.fullmatch(message)
    if timed is not None:
        seconds = go_duration.parse_duration(timed["duration"])
        sql = _without_args(timed["rest"], _TIMED_ARGS)
        return LoggedStatement(shape_of(sql), seconds, timed["slow"] is not None)
    write = _WRITE.fullmatch(message)
    if write is not None:
        return LoggedStatement(shape_of(_without_args(write["rest"], _WRITE_ARGS)), None, is_slow=False)
    return None


def _without_args(text: str, separator: str) -> str:
    """Cut at the first separator: arguments may hold the same words, statements hold only placeholders."""
    return text.partition(separator)[0]
