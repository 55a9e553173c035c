"""A hash over what a database holds, whatever its pages look like: the proof that an audit changed nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from stashbench.collect.sqlite_file import open_read_only

_ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in a database: the row with this `id` in a table, and its column."""

    table: str
    row_id: int
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {self.row_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disregard:
    """What may change without changing the hash: single values, and rows beyond the highest row id of each table."""

    cells: frozenset[Cell] = frozenset()
    highest_rows: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def content_hash(path: Path, disregard: Disregard | None = None) -> str:
    """Hash all rows of all tables in key order, within one read transaction; sixty-four hexadecimal digits.

    VACUUM, ANALYZE, checkpoints and indexes do not change it; a changed, added or removed row, column or table does.
    Text and blobs of equal bytes count as equal. It may run beside a live server, whose log cannot be checkpointed
    meanwhile (about ten seconds for a million scenes).

    Raises:
        DatabaseFileError: the file cannot be read.
    """
    path = Path(path)
    digest = hashlib.sha256()
    with open_read_only(path) as (connection, *_):
        connection.text_factory = bytes  # text that is not valid UTF-8 must count, too
        connection.execute("BEGIN")
        for table in _tables(connection):
            _add_table(connection, table, digest, disregard or Disregard())
        connection.execute("COMMIT")
    return digest.hexdigest()


def highest_rows(path: Path) -> dict[str, int]:
    """Return the highest row id of each table, 0 of an empty one: what is added from now on lies beyond.

    Raises:
        DatabaseFileError: the file cannot be read.
    """
    with open_read_only(Path(path)) as (connection, *_):
        connection.text_factory = bytes
        return {
            table: connection.execute(f"SELECT COALESCE(MAX(rowid), 0) FROM {_quoted(table)}").fetchone()[0]  # noqa: S608 - quoted
            for table in _tables(connection)
        }


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
    )
    return [name.decode() for (name,) in found.fetchall()]


def _add_table(connection: sqlite3.Connection, table: str, digest: hashlib._Hash, disregard: Disregard) -> None:
    columns = connection.execute("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", (table,)).fetchall()
    names = [name.decode() for name, _ in columns]
    key = [name.decode() for name, position in sorted(columns, key=lambda column: column[1]) if position]
    digest.update(repr((table, names)).encode())
    # Tables without a key keep their insertion order through VACUUM, although the row ids themselves may change.
    order = ", ".join(map(_quoted, key)) or "rowid"
    selected = ", ".join(_value(table, name, disregard) for name in names)
    highest = disregard.highest_rows.get(table)
    where = "" if highest is None else f" WHERE rowid <= {highest:d}"
    statement = f"SELECT {selected} FROM {_quoted(table)}{where} ORDER BY {order}"  # noqa: S608 - quoted
    rows = connection.execute(statement)
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        for row in batch:
            digest.update(repr(row).encode())


def _value(table: str, column: str, disregard: Disregard) -> str:
    """Return what is selected of a column: itself, with nothing in the place of values that do not count."""
    ids = sorted(cell.row_id for cell in disregard.cells if (cell.table, cell.column) == (table, column))
    if not ids:
        return _quoted(column)
    return f"CASE WHEN id IN ({', '.join(map(str, ids))}) THEN NULL ELSE {_quoted(column)} END"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
