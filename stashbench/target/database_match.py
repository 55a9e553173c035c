"""Compares a database file with what the server says, so that never another server's file is audited."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from stashbench.collect.sqlite_file import open_read_only, translated
from stashbench.errors import DatabaseFileError
from stashbench.model.target import LibrarySize

# A running scan may add rows between the server's answer and our count.
TOLERANCE_SHARE = 0.01
TOLERANCE_ROWS = 5
TABLES = {"scenes": "scene_count", "images": "image_count", "performers": "performer_count", "tags": "tag_count"}


def explain_mismatch(path: Path, schema_version: int | None, library: LibrarySize) -> str:
    """Return why a file cannot be the server's database, or an empty text if schema and numbers of rows agree."""
    try:
        with open_read_only(path) as opened, translated(path):
            return _compare(opened.connection, path, schema_version, library)
    except DatabaseFileError as error:
        return str(error).rstrip(".")


def _compare(connection: sqlite3.Connection, path: Path, schema_version: int | None, library: LibrarySize) -> str:
    found = connection.execute("SELECT version FROM schema_migrations").fetchone()
    version = found[0] if found else None
    if version != schema_version:
        return f"{path} is at schema {version}, the server's database at {schema_version}"
    for table, field in TABLES.items():
        told = getattr(library, field)
        if told is None:
            continue
        (count,) = connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608 - our own table names
        if abs(count - told) > max(TOLERANCE_ROWS, told * TOLERANCE_SHARE):
            return f"{path} holds {count:,} {table}, the server has {told:,}"
    return ""
