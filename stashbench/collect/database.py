"""The facts of a Stash database file: schema, indexes, statistics, sizes. Read-only, in short transactions."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from stashbench.collect.content import content_hash
from stashbench.collect.filesystem import FilesystemFacts, examine_filesystem
from stashbench.collect.row_counts import Budget, count_rows
from stashbench.collect.sqlite_file import open_read_only, wal_bytes
from stashbench.collect.statistics_rows import read_statistics
from stashbench.model.database import DatabaseFacts

__all__ = ["content_hash", "read_database_facts"]


def read_database_facts(path: Path, *, time_limit_seconds: float = 5.0, is_server_here: bool = True) -> DatabaseFacts:
    """Read what the file tells. Counting rows and blobs stops at the time limit, and what is uncounted stays None.

    Of a server on another machine we see the file through a share; what lies beneath it there is not told here.

    Raises:
        DatabaseFileError: the file is missing, locked, damaged, not a database, or may not be read.
    """
    path = Path(path)
    filesystem = examine_filesystem(path)
    if not is_server_here:
        filesystem = FilesystemFacts(free_bytes=filesystem.free_bytes)
    not_measured: list[str] = []
    with open_read_only(path) as (connection, was_in_use, is_wal):
        names = _names(connection)
        tables = names.get("table", ())
        schema_version, is_dirty = _schema_version(connection, tables)
        budget = Budget(connection, time_limit_seconds)
        counts = count_rows(budget, tables)
        uncounted = [table for table, count in counts.items() if count is None]
        if uncounted:
            not_measured.append(f"row counts of {', '.join(uncounted)}: stopped after {time_limit_seconds:g} s")
        blob_bytes = None
        if "blobs" in tables:
            blob_bytes = budget.number("SELECT coalesce(sum(length(blob)), 0) FROM blobs")
            if blob_bytes is None:
                not_measured.append(f"size of blobs: stopped after {time_limit_seconds:g} s")
        statistics = read_statistics(connection, counts)
        return DatabaseFacts(
            path=str(path),
            file_bytes=path.stat().st_size,
            wal_bytes=wal_bytes(path),
            page_size=int(_pragma(connection, "page_size")),
            page_count=int(_pragma(connection, "page_count")),
            freelist_count=int(_pragma(connection, "freelist_count")),
            journal_mode="wal" if is_wal else str(_pragma(connection, "journal_mode")),
            encoding=str(_pragma(connection, "encoding")),
            auto_vacuum=int(_pragma(connection, "auto_vacuum")),
            user_version=int(_pragma(connection, "user_version")),
            sqlite_version=sqlite3.sqlite_version,
            schema_version=schema_version,
            is_dirty=is_dirty,
            tables=tables,
            index_names=names.get("index", ()),
            table_row_counts=counts,
            has_statistics=statistics.is_present,
            has_stat4=statistics.has_stat4,
            statistics=statistics.rows,
            largest_statistics_ratio=statistics.largest_ratio,
            tables_without_statistics=statistics.unknown_tables,
            blob_bytes=blob_bytes,
            filesystem=filesystem.kind,
            is_network_filesystem=filesystem.is_network,
            is_rotational=filesystem.is_rotational,
            free_bytes=filesystem.free_bytes,
            was_in_use=was_in_use,
            not_measured=tuple(not_measured),
        )


def _pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def _names(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Names of tables and of indexes that were made by a statement, without SQLite's own, by kind."""
    names: dict[str, list[str]] = {}
    rows = connection.execute(
        "SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' ORDER BY name"
    )
    for kind, name in rows:
        names.setdefault(kind, []).append(name)
    return {kind: tuple(items) for kind, items in names.items()}


def _schema_version(connection: sqlite3.Connection, tables: tuple[str, ...]) -> tuple[int | None, bool | None]:
    if "schema_migrations" not in tables:
        return None, None
    row = connection.execute("SELECT version, dirty FROM schema_migrations LIMIT 1").fetchone()
    return (int(row[0]), bool(row[1])) if row else (None, None)
