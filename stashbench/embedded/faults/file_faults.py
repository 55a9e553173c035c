"""Faults that lie in the database file: planted before the server opens it, into a private copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from stashbench.errors import UsageError
from stashbench.sqlite.functions import register

if TYPE_CHECKING:
    from stashbench.embedded.database import Database

FREE_SHARE = 0.40  # of all pages; well above the 15 % from which the check warns
WAL_BYTES = 72 * 1024 * 1024  # beyond the 64 MiB from which an idle WAL is called oversized
STALE_ROW_COUNT = 3
_SCRATCH = "scratch_of_fragmented_file"
_SCRATCH_ROW_BYTES = 3000  # one row a page: what is deleted frees whole pages


def drop_index(path: Path, name: str) -> None:
    """Drop one index. UsageError if the database has no such index, or if it belongs to a constraint."""
    connection = _open(path)
    try:
        names = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql <> ''")
        ]
        if name not in names:
            message = f"There is no index {name!r} to drop; the database has {', '.join(sorted(names))}."
            raise UsageError(message)
        connection.execute(f'DROP INDEX "{name}"')
    finally:
        connection.close()


def make_statistics_stale(path: Path) -> None:
    """Replace the planner's statistics by those of an almost empty library.

    They say that each table has three rows and each key of an index finds one of them. A scan of a whole table then
    looks as cheap as a look-up: in a library of 20,000 scenes the performer count of a studio took 20 ms instead of
    0.1 ms, the sum of file sizes 67 ms instead of 9 ms, the page of a tag 33 ms instead of 2 ms. What the statistics
    say is far from the real row counts, which is how the fault can be detected.
    """
    connection = _open(path)
    try:
        connection.execute("ANALYZE")
        for rowid, statistics in connection.execute("SELECT rowid, stat FROM sqlite_stat1").fetchall():
            column_count = sum(word.isdigit() for word in str(statistics).split()) - 1
            stale = " ".join([str(STALE_ROW_COUNT), *["1"] * column_count])
            connection.execute("UPDATE sqlite_stat1 SET stat = ? WHERE rowid = ?", (stale, rowid))
        if connection.table_exists(None, "sqlite_stat4"):
            connection.execute("DELETE FROM sqlite_stat4")
    finally:
        connection.close()


def fragment(path: Path) -> None:
    """Leave 40 % of the file's pages free by filling a scratch table in between and dropping it, without VACUUM."""
    connection = _open(path)
    try:
        page_count = connection.pragma("page_count")
        row_count = int(page_count * FREE_SHARE / (1 - FREE_SHARE)) + 1
        connection.execute(f"CREATE TABLE {_SCRATCH} (content BLOB)")
        with connection:
            connection.execute(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) "  # noqa: S608
                f"INSERT INTO {_SCRATCH} SELECT randomblob({_SCRATCH_ROW_BYTES}) FROM n",
                (row_count,),
            )
        connection.execute(f"DROP TABLE {_SCRATCH}")
    finally:
        connection.close()


def inflate_wal(database: Database) -> None:
    """Write pages anew until the write-ahead log is above 64 MiB; the content ends as it began.

    The database must have been opened with automatic checkpoints off; its open connections then keep the log as it is.
    SQLite skips writing what is equal, so each pass changes the sizes of files and the next one changes them back.
    """
    wal = database.path.with_name(database.path.name + "-wal")
    while not wal.exists() or wal.stat().st_size < WAL_BYTES:
        for change in (1, -1):
            with database.write() as session:
                session.connection.execute("UPDATE files SET size = size + ?", (change,))
                session.connection.execute("UPDATE schema_migrations SET dirty = dirty + ?", (change,))


def _open(path: Path) -> apsw.Connection:
    """Open the file as it must be to change it: indexes on Stash's collation need its functions."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.set_busy_timeout(5000)
    register(connection)
    return connection
