"""What the profiling pass and the server's log told, clean, disturbed, missing, and with hostile text."""

from __future__ import annotations

import msgspec

from stashbench.model.baseline import Comparison
from stashbench.model.measurement import Measurement
from stashbench.model.server_log import LogSource, SlowStatement
from stashbench.model.statement import Statement, StatementTrace

from .texts import HOSTILE, HOSTILE_SQL

TAG_IDS = "SELECT scenes_tags.tag_id AS id FROM scenes_tags WHERE scenes_tags.scene_id = ?"
TOO_SLOW = "it takes 12 s, and requests above 10 s are not run once more"


def traces() -> dict[str, StatementTrace]:
    page = (
        Statement(fingerprint="a1", sql_shape=TAG_IDS, count=38, logged_seconds=0.0021, slowest_seconds=0.0002),
        Statement(
            fingerprint="b2", sql_shape=HOSTILE_SQL, count=1, logged_seconds=0.31, slowest_seconds=0.31, slow_count=1
        ),
        Statement(fingerprint="c3", sql_shape="SELECT tags.* FROM tags WHERE id IN (…)", count=5, logged_seconds=0.001),
    )
    return {
        "bench-00": StatementTrace(
            operation="Floor", is_available=True, is_complete=True, statement_count=0, logged_seconds=0.0
        ),
        "bench-02": StatementTrace(
            operation="FindScenes",
            is_available=True,
            is_complete=True,
            latency_seconds=0.061,
            statement_count=44,
            logged_seconds=0.3131,
            statements=page,
        ),
        "bench-23": StatementTrace(
            operation="FindTags",
            is_available=True,
            reason="7 statements of other clients or jobs were seen, so some of these may be theirs; run 3 times for a "
            "clean log, of which run 2 is shown",
            is_complete=True,
            has_foreign_traffic=True,
            latency_seconds=0.2,
            statement_count=81,
            logged_seconds=0.9,
            statements=(
                Statement(fingerprint="d4", sql_shape="SELECT COUNT(*) FROM x", count=80, logged_seconds=0.9),
                Statement(fingerprint="e5", sql_shape="UPDATE scenes SET a = ?", count=1, is_write=True),
            ),
            foreign_count=7,
            run_count=3,
            chosen_run=2,
        ),
        "bench-29": StatementTrace(operation="FindDuplicates", is_available=False, reason=TOO_SLOW),
    }


def with_statements(measurements: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    found = traces()
    return tuple(msgspec.structs.replace(item, trace=found.get(item.id)) for item in measurements)


def with_changes(comparisons: tuple[Comparison, ...]) -> tuple[Comparison, ...]:
    change = f"6 → 44 statements, most of all 0 → 38 of: {TAG_IDS} {HOSTILE}"
    return tuple(
        msgspec.structs.replace(item, baseline_statement_count=6, current_statement_count=44, statement_change=change)
        if item.benchmark_id == "bench-02"
        else item
        for item in comparisons
    )


def logged() -> tuple[SlowStatement, ...]:
    return (
        SlowStatement(
            fingerprint="b2",
            sql_shape=HOSTILE_SQL,
            count=12,
            total_seconds=4.2,
            slowest_seconds=0.9,
            first_seen="2026-02-20 08:00:00",
            last_seen="2026-03-01 11:15:20",
            sources=("stash.log", f"{HOSTILE}.log.gz"),
            during_audit_count=3,
        ),
    )


def sources() -> tuple[LogSource, ...]:
    return (
        LogSource(
            name="lines kept by the server",
            is_read=True,
            line_count=30,
            begins_at="2026-03-01 11:15:20",
            ends_at="2026-03-01 11:16:20",
            reason="the server logs at level Info; it notes slow statements only at Debug or Trace (Settings, Logs)",
        ),
        LogSource(
            name="stash.log",
            is_read=True,
            byte_count=52_000_000,
            line_count=400_000,
            slow_count=12,
            damaged_count=1,
            begins_at="2026-02-20 08:00:00",
            ends_at="2026-03-01 11:15:20",
            reason="1 slow statement in it is cut off and not counted",
        ),
        LogSource(
            name=f"{HOSTILE}.log.gz",
            is_read=False,
            reason="The log file cannot be read (Permission denied); correct --stash-log-file, or leave it out.",
        ),
    )
