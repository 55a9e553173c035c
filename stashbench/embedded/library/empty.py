"""The empty database that is to be filled: what it is looked at for, and what is taken out of it while it is filled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

from stashbench.embedded.library.fitting import table_names
from stashbench.embedded.library.layout import Layout, read_layout
from stashbench.errors import LibraryError, RefusedError

OLDEST_SCHEMA = 48

Statistics = dict[str, list[tuple[Any, ...]]]
"""Rows of `sqlite_stat1` and `sqlite_stat4`, by table."""


@dataclass(frozen=True, slots=True)
class EmptyDatabase:
    """Tables and columns, statements of the named indexes by name in their order, and the schema's version."""

    layout: Layout
    indexes: dict[str, str]
    schema_version: int


def inspect(draft: Path, path: Path) -> EmptyDatabase:
    """Look at the copy `draft` of the database `path`.

    Raises:
        RefusedError: not a Stash database, not empty, left in mid-migration, or too old.
    """
    connection = apsw.Connection(str(draft), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.execute("PRAGMA journal_mode=delete").fetchall()  # a private copy needs no log beside it
        layout = read_layout(connection)
        if not {"schema_migrations", "scenes", "files"} <= layout.tables.keys():
            message = f"{path} is not a Stash database: it lacks Stash's tables; check the path."
            raise RefusedError(message)
        version = _version(connection, path)
        known = table_names()
        for table in sorted(layout.tables.keys() & known):
            if connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():  # noqa: S608 - a name of our own list
                message = (
                    f"{path} is not empty: the table {table} has rows; start Stash on an empty home for a new one."
                )
                raise RefusedError(message)
        indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid"
        return EmptyDatabase(layout, {str(name): str(sql) for name, sql in connection.execute(indexes)}, version)
    finally:
        connection.close()


def _version(connection: apsw.Connection, path: Path) -> int:
    row = connection.execute("SELECT version, dirty FROM schema_migrations").fetchone()
    if row is None:
        message = f"{path} has no schema version; start Stash once on it, so that it makes its tables."
        raise RefusedError(message)
    version, is_dirty = int(row[0]), bool(row[1])
    if is_dirty:
        message = (
            f"{path} was left in the middle of a migration to schema {version}; remove it and let Stash make a new one."
        )
        raise RefusedError(message)
    if version < OLDEST_SCHEMA:
        message = (
            f"{path} has schema {version}; the oldest one that can be filled is {OLDEST_SCHEMA}, that of Stash v0.22."
        )
        raise RefusedError(message)
    return version


def drop_indexes(connection: apsw.Connection, indexes: dict[str, str]) -> None:
    """Drop the named indexes; making them after the rows is far cheaper, and their order stays."""
    for name in indexes:
        quoted = name.replace('"', '""')
        connection.execute(f'DROP INDEX "{quoted}"')


def read_statistics(connection: apsw.Connection) -> Statistics:
    """Read what the planner was told of the empty database; an index takes its part with it when it is dropped."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE name IN ('sqlite_stat1', 'sqlite_stat4')"
    ).fetchall()
    return {str(name): connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in tables}  # noqa: S608


def put_back(connection: apsw.Connection, statistics: Statistics) -> None:
    """Tell the planner what it was told of the empty database."""
    for table, rows in statistics.items():
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - one of the two names above
        for row in rows:
            connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)  # noqa: S608


def require_whole(connection: apsw.Connection) -> None:
    """Refuse rows that point nowhere, which a schema we do not know could make of ours.

    Raises:
        LibraryError: there are such rows.
    """
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        message = (
            f"rows of the table {broken[0]} would refer to nothing in {broken[2]}: this release's schema is not known"
        )
        raise LibraryError(message)
