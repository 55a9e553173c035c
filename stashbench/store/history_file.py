"""The history file itself: opening, bringing up to date, transactions, and errors in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from stashbench.errors import StoreError
from stashbench.store.atomic import store_error
from stashbench.store.history_schema import MIGRATIONS

_BUSY_SECONDS = 20.0


class HistoryFile:
    """An open history; made on first use, brought up to date when it is older, safe to use from several processes.

    Raises:
        StoreError: it cannot be opened or written, is damaged, or was made by a newer stashbench.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise store_error(path, error) from error
        with self._translated():
            # Transactions are ours to begin (isolation_level None), so that two processes never migrate at once.
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        self._database = Database(connection, execute_plugins=False)
        try:
            with self._translated():
                self._database.execute("PRAGMA journal_mode = WAL")
                self._database.execute("PRAGMA synchronous = NORMAL")
                self._database.execute("PRAGMA foreign_keys = ON")
                self._migrate()
        except BaseException:
            self.close()
            raise

    def rows(self, sql: str, arguments: list[object]) -> list[tuple[Any, ...]]:
        """Return all rows a query yields."""
        with self._translated():
            return list(self._database.execute(sql, arguments).fetchall())

    def change(self, sql: str, arguments: list[object]) -> int:
        """Run one statement within a transaction; return how many rows it changed."""
        return self._database.execute(sql, arguments).rowcount

    def insert(self, table: str, rows: list[dict[str, object]]) -> None:
        """Insert rows of equal columns within a transaction."""
        if not rows:
            return
        columns = list(rows[0])
        marks = ", ".join("?" * len(columns))
        # executemany is eight times faster than sqlite-utils' insert_all, which looks at every value.
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names are ours
        self._database.conn.executemany(sql, [list(row.values()) for row in rows])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block as one writing transaction; an error undoes it."""
        with self._translated():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.conn.rollback()
                raise
            self._database.execute("COMMIT")

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._database.close()

    def _migrate(self) -> None:
        if self._version() == len(MIGRATIONS):
            return
        with self.transaction():
            version = self._version()  # again, now that no other process can be at it
            if version > len(MIGRATIONS):
                message = (
                    f"The history {self._path} was made by a newer stashbench (format {version}; this one knows up to "
                    f"{len(MIGRATIONS)}); upgrade stashbench, or move the file away to start a new one."
                )
                raise StoreError(message)
            for migration in MIGRATIONS[version:]:
                migration(self._database)
            self._database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def _version(self) -> int:
        return int(self._database.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            message = f"The history {self._path} {_reason(error)}."
            raise StoreError(message) from error


def _reason(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "is damaged or is no history; move it away, and a new one is made"
    if name.startswith("SQLITE_FULL"):
        return "cannot be written: the disk is full; free some space"
    if name.startswith("SQLITE_IOERR"):
        return (
            "cannot be read or written: the disk is full or reports an error; free some space or see the system's log"
        )
    if name.startswith("SQLITE_BUSY"):
        return "is in use by another run; try again when that has ended"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return "may not be written by this user; choose another report directory or change its permissions"
    return f"cannot be used: {error}; move it away, and a new one is made"
