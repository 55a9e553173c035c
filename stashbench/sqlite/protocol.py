"""What the counting process is asked and answers, one JSON line each; arguments travel by pipe and are not kept."""

from __future__ import annotations

from msgspec import Struct


class Blob(Struct, frozen=True):
    """A value that is bytes, not text."""

    content: bytes


Value = int | float | str | Blob | None


class Job(Struct, frozen=True):
    """The first line: which database, as SQLite's URI; the steps one statement and the seconds all may take."""

    uri: str
    step_limit: int
    limit_seconds: float


class Task(Struct, frozen=True):
    """One statement with its arguments."""

    sql: str
    arguments: tuple[Value, ...]

    def __repr__(self) -> str:
        """Leave out the arguments: they are somebody's titles and paths."""
        return "Task(...)"


class Counts(Struct, frozen=True, kw_only=True):
    """What a statement cost; None with a `reason` where that could not be counted.

    `vm_step_count` is instructions of SQLite's machine, `full_scan_step_count` rows stepped over in scans of whole
    tables, `sort_count` sorts without an index, `auto_index_row_count` rows put into indexes made for this statement
    only. `is_at_least`: it was broken off at the limit, having cost that much by then.
    """

    vm_step_count: int | None = None
    full_scan_step_count: int | None = None
    sort_count: int | None = None
    auto_index_row_count: int | None = None
    is_at_least: bool = False
    reason: str = ""
