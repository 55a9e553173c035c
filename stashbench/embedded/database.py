"""SQLite as Stash opens it: ten readers, one writer, its pragmas and functions, every statement timed and logged."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from stashbench.embedded.statement_log import StatementLog, Value
from stashbench.errors import DatabaseFileError
from stashbench.sqlite.functions import register

READER_COUNT = 10
BUSY_TIMEOUT_MILLISECONDS = 50
DEFAULT_CACHE_SIZE = -2000  # SQLite's own default, in KiB because negative; Stash leaves it unless the environment says

Row = tuple[Any, ...]


class Session:
    """One transaction on one connection. Used by one thread at a time."""

    def __init__(self, connection: apsw.Connection, log: StatementLog | None) -> None:
        self.connection = connection
        self._log = log

    def fetch(self, sql: str, args: Sequence[Value] = ()) -> list[Row]:
        """Run a statement and return all rows; the logged time covers the whole fetch (Stash's Get and Select)."""
        begin = time.perf_counter_ns()
        rows: list[Row] = self.connection.execute(sql, args).fetchall()
        if self._log is not None:
            self._log.record(time.perf_counter_ns() - begin, sql, args)
        return rows

    def fetch_one(self, sql: str, args: Sequence[Value] = ()) -> Row | None:
        """Run a statement and return its first row, or None; logged like `fetch`."""
        begin = time.perf_counter_ns()
        cursor = self.connection.execute(sql, args)
        row: Row | None = cursor.fetchone()
        cursor.close()
        if self._log is not None:
            self._log.record(time.perf_counter_ns() - begin, sql, args)
        return row

    def query(self, sql: str, args: Sequence[Value] = ()) -> list[Row]:
        """Run a statement and return all rows; the logged time ends when the cursor is open (Stash's Queryx).

        Stepping the rows is then not in the log, which is how Stash under-reports its aggregates and object loads.
        """
        begin = time.perf_counter_ns()
        opened = begin

        def note_opened(_cursor: apsw.Cursor, _sql: str, _bindings: object) -> bool:
            nonlocal opened
            opened = time.perf_counter_ns()
            return True

        cursor = self.connection.cursor()
        cursor.exec_trace = note_opened
        rows: list[Row] = cursor.execute(sql, args).fetchall()
        if self._log is not None:
            self._log.record(opened - begin, sql, args)
        return rows

    def execute(self, sql: str, args: Sequence[Value] = ()) -> None:
        """Run a statement for its effect; logged with its time."""
        begin = time.perf_counter_ns()
        self.connection.execute(sql, args).close()
        if self._log is not None:
            self._log.record(time.perf_counter_ns() - begin, sql, args)

    def change(self, sql: str, args: Sequence[Value] = ()) -> int:
        """Run an INSERT, UPDATE or DELETE, logged before it runs and without a time; return the last row id."""
        if self._log is not None:
            self._log.record_write(sql, args)
        self.connection.execute(sql, args).close()
        return self.connection.last_insert_rowid()


class Database:
    """The pools. `cache_size` is SQLite's (positive pages, negative KiB), per connection; None is SQLite's default.

    Unlike Stash it keeps idle connections and runs no `PRAGMA optimize` on closing them: a measured file must not
    change by itself between two runs.
    """

    def __init__(
        self,
        path: Path,
        *,
        log: StatementLog | None = None,
        cache_size: int | None = None,
        autocheckpoint_pages: int | None = None,
    ) -> None:
        if not path.is_file():
            message = f"There is no database file at {path}; give the path of an existing Stash database."
            raise DatabaseFileError(message)
        self.path = path
        self._log = log
        self._cache_size = DEFAULT_CACHE_SIZE if cache_size is None else cache_size
        self._autocheckpoint_pages = autocheckpoint_pages
        self._current = threading.local()
        self._writer_lock = threading.Lock()
        try:
            self._writer = self._connect(is_writer=True)  # first: it makes the WAL that readers need
            self._readers: queue.SimpleQueue[apsw.Connection] = queue.SimpleQueue()
            for _ in range(READER_COUNT):
                self._readers.put(self._connect(is_writer=False))
        except apsw.Error as error:
            message = f"{path} cannot be opened as a Stash database: {error}."
            raise DatabaseFileError(message) from error

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Run the block in one read transaction; waits while all ten readers are busy.

        Inside a `read` or `write` of the same thread it joins that transaction, so that it can never wait for itself.
        """
        outer: Session | None = getattr(self._current, "session", None)
        if outer is not None:
            yield outer
            return
        connection = self._readers.get()
        try:
            with self._transaction(connection, "BEGIN") as session:
                yield session
        finally:
            self._readers.put(connection)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Run the block in one write transaction (BEGIN IMMEDIATE); one at a time. Rolled back if the block raises."""
        if getattr(self._current, "session", None) is not None:
            message = "a write transaction cannot begin inside another transaction of the same thread"
            raise RuntimeError(message)
        with self._writer_lock, self._transaction(self._writer, "BEGIN IMMEDIATE") as session:
            yield session

    def run_outside_transaction(self, sql: str) -> None:
        """Run a statement that admits no transaction (VACUUM, a checkpoint) on the writer; logged with its time."""
        with self._writer_lock:
            Session(self._writer, self._log).execute(sql)

    def close(self) -> None:
        """Close all connections; the last one moves the WAL into the file. Waits for running transactions."""
        for _ in range(READER_COUNT):
            self._readers.get().close()
        with self._writer_lock:
            self._writer.close()

    @contextmanager
    def _transaction(self, connection: apsw.Connection, begin: str) -> Iterator[Session]:
        """Begin, hand out a session, commit; roll back and pass on what the block raised."""
        connection.execute(begin)
        session = Session(connection, self._log)
        self._current.session = session
        try:
            yield session
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        else:
            connection.execute("COMMIT")
        finally:
            self._current.session = None

    def _connect(self, *, is_writer: bool) -> apsw.Connection:
        """Open one connection with Stash's pragmas, functions and collation."""
        access = apsw.SQLITE_OPEN_READWRITE if is_writer else apsw.SQLITE_OPEN_READONLY
        connection = apsw.Connection(str(self.path), flags=access)
        connection.set_busy_timeout(BUSY_TIMEOUT_MILLISECONDS)
        if is_writer:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = {int(self._cache_size)}")
        if self._autocheckpoint_pages is not None:
            connection.execute(f"PRAGMA wal_autocheckpoint = {int(self._autocheckpoint_pages)}").fetchall()
        register(connection)
        return connection
