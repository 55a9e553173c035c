"""Slow statements found in the server's own log: shapes only, never arguments."""

from __future__ import annotations

from stashbench.model.base import Model


class SlowStatement(Model):
    """One shape the server called slow (200 ms and more) and wrote into its log.

    `first_seen` and `last_seen` are the server's local time without a zone, as its log file has it.
    `during_audit_count` is how many of `count` were logged while this audit ran, mostly by its own requests.
    """

    fingerprint: str
    sql_shape: str
    count: int
    total_seconds: float
    slowest_seconds: float
    first_seen: str
    last_seen: str
    sources: tuple[str, ...]
    during_audit_count: int = 0


class LogSource(Model):
    """One place that was searched for slow statements: a log file, or the lines the server keeps for its users.

    `reason` says why it was not read, or what of it was not. `begins_at` and `ends_at` are the server's local time of
    the first and last line. `damaged_count` is how many slow statements were cut off.
    """

    name: str
    is_read: bool
    reason: str = ""
    byte_count: int | None = None
    line_count: int | None = None
    slow_count: int = 0
    damaged_count: int = 0
    begins_at: str = ""
    ends_at: str = ""
