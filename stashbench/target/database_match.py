"""Compares a database file with what the server says, so that never another server's file is audited."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from stashbench.collect.sqlite_file import open_read_only, translated
from stashbench.errors import DatabaseFileError
from stashbench.model.target import LibrarySize
from stashbench.target.newest_rows import ROW_COUNT, NewestRows, seconds_of

# A running scan may add rows between the server's answer and our count.
TOLERANCE_SHARE = 0.01
TOLERANCE_ROWS = 5
TOLERANCE_SECONDS = 2.0
TABLES = {"scenes": "scene_count", "images": "image_count", "performers": "performer_count", "tags": "tag_count"}


def explain_mismatch(
    path: Path,
    schema_version: int | None,
    library: LibrarySize,
    ask_newest: Callable[[], NewestRows] | None = None,
) -> str:
    """Return why a file cannot be the server's database; empty if schema, numbers of rows and newest entries agree.

    `ask_newest` asks the server for the entries it changed last: once before the file is read and once after, because
    it may be changing them.
    """
    before = ask_newest() if ask_newest else {}
    try:
        with open_read_only(path) as opened, translated(path):
            different = _compare(opened.connection, path, schema_version, library)
            stored = {} if different else _stored_rows(opened.connection, before)
    except DatabaseFileError as error:
        return str(error).rstrip(".")
    if different or ask_newest is None or not before:
        return different
    return _compare_newest(path, before, stored, ask_newest())


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


def _stored_rows(connection: sqlite3.Connection, told: NewestRows) -> dict[str, dict[int, float]]:
    """Read the same entries from the file, and those changed last in it."""
    stored: dict[str, dict[int, float]] = {}
    for table, rows in told.items():
        places = ", ".join("?" * len(rows))
        statement = (
            f"SELECT id, updated_at FROM {table} WHERE id IN ({places}) UNION SELECT id, updated_at FROM "  # noqa: S608
            f"(SELECT id, updated_at FROM {table} ORDER BY datetime(updated_at) DESC LIMIT {ROW_COUNT})"
        )
        stored[table] = {}
        for number, text in connection.execute(statement, tuple(rows)):
            try:
                stored[table][number] = seconds_of(str(text))
            except ValueError:
                continue  # a form of time that we do not know is no proof of anything
    return stored


def _compare_newest(
    path: Path, before: NewestRows, stored: Mapping[str, Mapping[int, float]], after: NewestRows
) -> str:
    for table, rows in before.items():
        noun = table.removesuffix("s")
        for number, told in rows.items():
            found = stored[table].get(number)
            if found is None:
                return f"{path} has no {noun} {number}, which the server changed last {_moment(told)}"
            if found < told - TOLERANCE_SECONDS:
                return (
                    f"{path} holds an older state: its {noun} {number} was changed last {_moment(found)}, the server's "
                    f"{_moment(told)}"
                )
        newest = max({**rows, **after.get(table, {})}.values(), default=None)
        latest = max(stored[table].values(), default=None)
        if newest is not None and latest is not None and latest > newest + TOLERANCE_SECONDS:
            return f"{path} was changed last {_moment(latest)}, the server's {table} {_moment(newest)}"
    return ""


def _moment(seconds: float) -> str:
    return f"on {datetime.fromtimestamp(seconds, UTC):%Y-%m-%d at %H:%M:%S UTC}"
