"""Tables of the history file, as the migrations that made them. A migration, once released, is never changed."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from sqlite_utils import Database

from stashbench.model.target import TargetKind
from stashbench.model.trend import Circumstances
from stashbench.store.history_keys import attached_key, generated_key

# The first format did not keep an embedded library's seed; this one was the default.
_DEFAULT_SEED = 1


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


def _add_trends(database: Database) -> None:
    """Let runs of one server follow each other over its releases, with what may explain their times."""
    for column in ("trend_key TEXT NOT NULL DEFAULT ''", "circumstances TEXT", "is_unfit INTEGER NOT NULL DEFAULT 0"):
        database.execute(f"ALTER TABLE runs ADD COLUMN {column}")
    for column in ("title TEXT", "definition_hash TEXT"):
        database.execute(f"ALTER TABLE measurements ADD COLUMN {column}")
    old = database.execute(
        "SELECT id, target_key, server_version, schema_version, scene_count, fingerprint, stashbench_version FROM runs"
    ).fetchall()
    for run, key, server, schema, scenes, fingerprint, stashbench in old:
        known = Circumstances(
            server_version=server,
            schema_version=schema,
            library={} if scenes is None else {"scene": scenes},
            fingerprint=fingerprint,
            stashbench_version=stashbench or "",
        )
        database.execute(
            "UPDATE runs SET trend_key = ?, circumstances = ? WHERE id = ?",
            [_trend_key_of(key), msgspec.json.encode(known).decode(), run],
        )
    database.table("runs").create_index(["trend_key", "started_at"])


def _trend_key_of(target_key: str) -> str:
    """Make the key of a server over its releases of the key that older runs have."""
    kind, _, rest = target_key.partition(":")
    if kind == TargetKind.EMBEDDED:
        return generated_key(TargetKind.EMBEDDED, rest, _DEFAULT_SEED)
    if kind == TargetKind.MANAGED:
        scenes, _, seed = rest.partition(":")[2].rpartition(":")
        return generated_key(TargetKind.MANAGED, scenes, seed)
    return attached_key(target_key)


MIGRATIONS: tuple[Callable[[Database], None], ...] = (_create, _add_trends)
