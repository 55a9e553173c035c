"""Opens somebody else's SQLite file without leaving a trace, and words what may stand in the way.

Opening a database in write-ahead mode has a side effect even with `mode=ro`: where no server has it open, SQLite makes
`-wal` and `-shm` files and, being read-only, leaves them behind; owned by the wrong user they keep the server from
starting. So such a file is opened with `immutable=1`, which makes nothing but also locks nothing, and afterwards we
look whether somebody changed it meanwhile. Where `-wal` has content or a server has the file open, `immutable` would
show an old or a torn state, so it is opened the ordinary way, whose files are there already.

A file that another machine may have open (it lies on a network file system, and no process here has it open) is never
opened the ordinary way: SQLite's locks and shared memory do not reach over there, so it would take itself for the only
user and set `-shm` back beneath the server's feet. It is read with `immutable=1` while `-wal` is empty, and refused
while it is not.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from stashbench.collect.filesystem import examine_filesystem
from stashbench.collect.processes.open_database import is_open_here
from stashbench.errors import DatabaseFileError

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_WAL_FORMAT = 2
_BUSY_SECONDS = 2.0
# Closing any descriptor of a file drops all of this process's POSIX locks on it, SQLite's included; so within this
# process a header is never read while a connection of ours is open.
_ONE_AT_A_TIME = threading.RLock()

_REASONS = {
    "SQLITE_BUSY": "is locked by another program that is writing to it; try again when no job runs",
    "SQLITE_LOCKED": "is locked by another program that is writing to it; try again when no job runs",
    "SQLITE_NOTADB": "is not an SQLite database, or an encrypted one; check the path",
    "SQLITE_CORRUPT": "is damaged; stop Stash, keep a copy, and restore a backup or try SQLite's .recover",
    "SQLITE_CANTOPEN": "cannot be opened; its directory or its -wal and -shm files are not accessible to this user",
    "SQLITE_READONLY": "was not closed cleanly and cannot be read without writing; start and stop Stash once",
    "SQLITE_PERM": "may not be read by this user; run as the user Stash runs as",
    "SQLITE_IOERR": "cannot be read: the disk or the network share reports an error",
    "SQLITE_INTERRUPT": "took too long to read",
    "SQLITE_SCHEMA": "is being changed by a migration; try again when Stash has started",
}


class OpenFile(NamedTuple):
    """A read-only connection; `was_in_use` is False where nobody can have had the file open, else None: not known."""

    connection: sqlite3.Connection
    was_in_use: bool | None
    is_wal: bool


class Reading(NamedTuple):
    """How a database is read without writing to it or beside it: SQLite's URI, and what was seen of the file.

    `was_in_use` is False where nobody can have the file open, else None: not known.
    """

    path: Path
    uri: str
    is_wal: bool
    is_immutable: bool
    was_in_use: bool | None
    state: tuple[int, int] | None

    def refuse_changes(self) -> None:
        """Raise DatabaseFileError if a file that was read as one that never changes did."""
        if self.is_immutable and (_state(self.path) != self.state or _has_wal_content(self.path)):
            message = f"The database {self.path} was changed while it was being read; try again."
            raise DatabaseFileError(message)


def plan_reading(path: Path) -> Reading:
    """Look how a database can be read, for a process that opens it; call `refuse_changes` when it is done.

    Raises:
        DatabaseFileError: missing, unreadable, no database, or in use on another machine; one sentence.
    """
    with _ONE_AT_A_TIME:
        _refuse_other_root(path)
        state = _state(path)
        is_wal = _is_wal(path)
        is_distant = is_wal and _may_be_used_elsewhere(path)
        if is_distant and _has_wal_content(path):
            message = (
                f"The database {path} is in use on another machine, and its latest changes lie in a log that only that "
                "machine may read: run stashbench there, or try again when the server has been idle for a minute."
            )
            raise DatabaseFileError(message)
        is_immutable = is_wal and not _has_wal_content(path) and (is_distant or not _sibling(path, "-shm").exists())
        if is_wal and not is_immutable:
            _refuse_foreign_recovery(path)
        suffix = "&immutable=1" if is_immutable else ""
        uri = f"file:{urllib.parse.quote(str(path.absolute()))}?mode=ro{suffix}"
        return Reading(path, uri, is_wal, is_immutable, False if is_immutable and not is_distant else None, state)


@contextlib.contextmanager
def open_read_only(path: Path) -> Iterator[OpenFile]:
    """Open a database for reading; nothing is written to it or beside it.

    Raises:
        DatabaseFileError: missing, unreadable, locked, damaged, no database, or changed under our hands; one sentence.
    """
    with _ONE_AT_A_TIME:
        reading = plan_reading(path)
        with translated(path):
            connection = sqlite3.connect(reading.uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
            with contextlib.closing(connection):
                connection.execute("PRAGMA query_only = 1")
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                yield OpenFile(connection, was_in_use=reading.was_in_use, is_wal=reading.is_wal)
        reading.refuse_changes()


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one sentence that names the file, the reason, and the next step."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        reason = next((text for code, text in _REASONS.items() if name.startswith(code)), f"cannot be read: {error}")
        message = f"The database {path} {reason}."
        raise DatabaseFileError(message) from error


def wal_bytes(path: Path) -> int:
    """Return the size of the write-ahead log, 0 where there is none."""
    try:
        return _sibling(path, "-wal").stat().st_size
    except OSError:
        return 0


def _is_wal(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError as error:
        message = f"There is no database at {path}; check the path (the server's own path may differ from yours)."
        raise DatabaseFileError(message) from error
    except IsADirectoryError as error:
        message = f"{path} is a directory; name the database file in it, usually stash-go.sqlite."
        raise DatabaseFileError(message) from error
    except OSError as error:
        message = f"The database {path} cannot be read ({error.strerror}); run as a user who may, e.g. Stash's own."
        raise DatabaseFileError(message) from error
    if not header:
        message = f"The database {path} is empty; it holds no Stash library."
        raise DatabaseFileError(message)
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC):
        message = f"The database {path} {_REASONS['SQLITE_NOTADB']}."
        raise DatabaseFileError(message)
    return header[18] == _WAL_FORMAT


def _has_wal_content(path: Path) -> bool:
    return wal_bytes(path) > 0


def _refuse_foreign_recovery(path: Path) -> None:
    # A log without its index is left by a crash. Reading it makes SQLite build the index file, which must then not
    # belong to another user than the server's. (For root, SQLite gives it to the database's owner.)
    if _sibling(path, "-shm").exists() or not hasattr(os, "geteuid") or os.geteuid() in {0, path.stat().st_uid}:
        return
    message = f"The database {path} was not closed cleanly; start and stop Stash once, or run as the user it runs as."
    raise DatabaseFileError(message)


def _refuse_other_root(path: Path) -> None:
    """Refuse a path through another process's root: SQLite follows links by their text, and that one says just "/"."""
    try:
        wanted = path.stat()
    except OSError:
        return  # that it is missing is told in better words
    try:
        is_same = os.path.samestat(wanted, os.stat(os.path.realpath(path)))  # noqa: PTH116 - Path would add nothing
    except OSError:
        is_same = False
    if not is_same:
        message = (
            f"{path} leads through another process's root folder, which SQLite would take for this machine's own; "
            "name the file by the path this machine has for it."
        )
        raise DatabaseFileError(message)


def _may_be_used_elsewhere(path: Path) -> bool:
    is_network = examine_filesystem(path).is_network
    if not sys.platform.startswith("linux"):
        return is_network is True  # who has it open cannot be seen there
    return is_network is not False and not is_open_here(path)


def _sibling(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _state(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns
