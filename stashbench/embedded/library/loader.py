"""Puts rows into an SQLite file fast, in order, and finishes it the way Stash's own optimise task leaves one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import apsw

from stashbench.embedded.library.passes import batch_height

_LOADING = (
    "page_size=4096",
    "auto_vacuum=none",
    "encoding='UTF-8'",
    "journal_mode=off",  # a broken load is thrown away, never rolled back
    "synchronous=off",
    "locking_mode=exclusive",
    "foreign_keys=off",  # the generator is right by construction; tests run foreign_key_check
    "cache_size=-65536",
)


class Loader:
    """A database under construction at `path`; `prepare` gets it ready for rows, `indexes` are made after them.

    `report(weight)` is told of work done, in rows.
    """

    def __init__(
        self,
        path: Path,
        report: Callable[[int], None],
        *,
        prepare: Callable[[apsw.Connection], None],
        indexes: Mapping[str, str],
    ) -> None:
        self._report, self._indexes = report, indexes
        self._connection = apsw.Connection(str(path))
        try:
            for setting in _LOADING:
                self._connection.execute(f"PRAGMA {setting}")
            self._connection.execute("BEGIN")
            prepare(self._connection)
        except BaseException:
            self._connection.close()
            raise

    @property
    def connection(self) -> apsw.Connection:
        """The database, to look at what was loaded."""
        return self._connection

    def close(self) -> None:
        """Let go of the file, finished or not."""
        self._connection.close()

    def load(self, table: str, columns: str, batches: Iterable[tuple[Any, ...]]) -> None:
        """Insert rows in their order: each batch is the values of up to `batch_height(columns)` rows, end to end."""
        width, height = columns.count(",") + 1, batch_height(columns)
        group = f"({','.join('?' * width)})"
        head = f'INSERT INTO "{table}" ({columns}) VALUES '  # noqa: S608, names of our own schema
        full, execute = head + ",".join([group] * height), self._connection.execute
        for values in batches:
            count = len(values) // width
            execute(full if count == height else head + ",".join([group] * count), values)
            self._report(count)

    def index(self) -> Iterator[str]:
        """Create the named indexes, giving each name when it is done, then end the transaction."""
        for name, statement in self._indexes.items():
            self._connection.execute(statement)
            yield name
        self._connection.execute("COMMIT")

    def analyse(self) -> None:
        """Gather planner statistics in full (sqlite_stat1 and sqlite_stat4), as Stash's optimise task does."""
        self._connection.execute("ANALYZE")

    def vacuum_into(self, path: Path, *, journal_mode: str = "wal") -> None:
        """Write the finished library to `path`, each table and index in one piece, without side files."""
        self._connection.execute("VACUUM INTO ?", (str(path),))
        finished = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            finished.execute(f"PRAGMA journal_mode={journal_mode}")
        finally:
            finished.close()
