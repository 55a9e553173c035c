"""Tables of the history file, as the migrations that made them. A migration, once released, is never changed."""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database


def _create(database: Database) -> None:
    database.table("runs").create(
        {
            "id": int,
            "run_id": str,
            "started_at": str,
            "duration_seconds": float,
            "target_key": str,
            "target_url": str,
            "server_version": str,
            "schema_version": int,
            "scene_count": int,
            "fingerprint": str,
            "stashbench_version": str,
            "score": float,
            "band": str,
            "is_partial": int,
            "critical_count": int,
            "warning_count": int,
        },
        pk="id",
        not_null={"run_id", "started_at", "target_key", "target_url", "fingerprint"},
    )
    database.table("runs").create_index(["run_id"], unique=True)
    database.table("runs").create_index(["target_key", "started_at"])
    _child_table(
        database,
        "measurements",
        {"benchmark_id": str, "outcome": str, "round_count": int, "median_seconds": float, "ci_low_seconds": float}
        | {"ci_high_seconds": float, "q10_seconds": float, "p95_seconds": float, "cpu_seconds": float}
        | {"peak_rss_bytes": int},
        "benchmark_id",
    )
    _child_table(
        database,
        "findings",
        {"finding_id": str, "outcome": str, "severity": str, "value": float, "unit": str},
        "finding_id",
    )
    _child_table(database, "scores", {"category": str, "score": float, "band": str}, "category")
    _child_table(
        database,
        "series",
        {"name": str, "unit": str, "minimum": float, "mean": float, "maximum": float, "sample_count": int},
        "name",
    )


def _child_table(database: Database, name: str, columns: dict[str, type], key: str) -> None:
    # Removing a run removes what belongs to it, which sqlite-utils' create cannot say.
    kinds = {str: "TEXT", int: "INTEGER", float: "REAL"}
    defined = ", ".join(f"{column} {kinds[kind]}" for column, kind in columns.items())
    database.execute(
        f"CREATE TABLE {name} (run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE, {defined}, "
        f"PRIMARY KEY (run, {key})) WITHOUT ROWID"
    )
    database.table(name).create_index([key, "run"])


MIGRATIONS: tuple[Callable[[Database], None], ...] = (_create,)
