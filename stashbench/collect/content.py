"""A hash over what a database holds, whatever its pages look like: the proof that an audit changed nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

from stashbench.collect.sqlite_file import open_read_only

_ROWS_AT_ONCE = 2000


def content_hash(path: Path) -> str:
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
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
        ).fetchall()
        for (name,) in tables:
            _add_table(connection, name.decode(), digest)
        connection.execute("COMMIT")
    return digest.hexdigest()


def _add_table(connection: sqlite3.Connection, table: str, digest: hashlib._Hash) -> None:
    columns = connection.execute("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", (table,)).fetchall()
    names = [name.decode() for name, _ in columns]
    key = [name.decode() for name, position in sorted(columns, key=lambda column: column[1]) if position]
    digest.update(repr((table, names)).encode())
    # Tables without a key keep their insertion order through VACUUM, although the row ids themselves may change.
    order = ", ".join(map(_quoted, key)) or "rowid"
    statement = f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(table)} ORDER BY {order}"  # noqa: S608 - quoted
    rows = connection.execute(statement)
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        for row in batch:
            digest.update(repr(row).encode())


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
