"""A database of the user's for a server of ours: read only to be copied, in the state of one moment."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from stashbench.collect.sqlite_file import open_read_only
from stashbench.errors import LibraryError, RefusedError

_HEAD_ROOM_BYTES = 64 << 20


def copy_given(source: Path, copy: Path) -> int:
    """Copy a Stash database, also one in use, so that nobody else can read the copy; return its schema.

    What a running server has not put into the main file yet is copied too. Nothing is written to or beside `source`.

    Raises:
        DatabaseFileError: it cannot be read.
        RefusedError: it is no database of Stash, or was left in the midst of a migration.
        LibraryError: the copy does not fit, or may not be written.
    """
    with open_read_only(source) as (connection, *_):
        schema = _schema_of(connection, source)
        size = source.stat().st_size
        room = os.statvfs(copy.parent)
        if room.f_bavail * room.f_frsize < size + _HEAD_ROOM_BYTES:
            message = (
                f"A copy of {source} ({size / 1e6:,.0f} MB) does not fit into {copy.parent}; free some space or set "
                "TMPDIR."
            )
            raise LibraryError(message)
        copy.touch(0o600)
        try:
            with closing(sqlite3.connect(copy)) as target:
                connection.backup(target)
        except sqlite3.Error as error:
            copy.unlink(missing_ok=True)
            message = f"{source} cannot be copied to {copy.parent} ({error}); try again, or free some space there."
            raise LibraryError(message) from error
    return schema


def _schema_of(connection: sqlite3.Connection, path: Path) -> int:
    try:
        ((version, is_dirty),) = connection.execute("SELECT version, dirty FROM schema_migrations").fetchall()
    except (sqlite3.OperationalError, ValueError) as error:
        message = f"{path} is not a database of Stash: give its stash-go.sqlite."
        raise RefusedError(message) from error
    if is_dirty:
        message = f"{path} was left in the midst of a migration; let Stash finish it, or give a backup."
        raise RefusedError(message)
    return int(version)
