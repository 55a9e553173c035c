from __future__ import annotations

import sqlite3
import stat
from contextlib import closing

import pytest

from stashbench.errors import DatabaseFileError, LibraryError, RefusedError
from stashbench.target import given_database
from stashbench.target.given_database import copy_given


def make(path, version=75, *, is_dirty=False):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("CREATE TABLE schema_migrations (version uint64, dirty bool)")
    connection.execute("INSERT INTO schema_migrations VALUES (?, ?)", (version, is_dirty))
    connection.execute("CREATE TABLE scenes (id)")
    return connection


def test_a_database_in_use_is_copied_with_what_is_still_in_its_log(tmp_path):
    source, copy = tmp_path / "stash-go.sqlite", tmp_path / "copy.sqlite"
    with closing(make(source, 48)) as connection:
        connection.execute("INSERT INTO scenes VALUES (7)")
        assert source.with_name("stash-go.sqlite-wal").stat().st_size
        before = source.read_bytes()
        assert copy_given(source, copy) == 48
        assert source.read_bytes() == before
    with closing(sqlite3.connect(copy)) as copied:
        assert copied.execute("SELECT id FROM scenes").fetchall() == [(7,)]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_nothing_appears_beside_a_database_at_rest(tmp_path):
    (tmp_path / "theirs").mkdir()
    source = tmp_path / "theirs" / "stash-go.sqlite"
    make(source).close()
    copy_given(source, tmp_path / "copy.sqlite")
    assert [path.name for path in source.parent.iterdir()] == ["stash-go.sqlite"]


def test_what_is_no_database_of_stash_is_refused(tmp_path):
    copy = tmp_path / "copy.sqlite"
    with pytest.raises(DatabaseFileError, match="There is no database"):
        copy_given(tmp_path / "none", copy)
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(RefusedError, match="not a database of Stash"):
        copy_given(other, copy)
    dirty = tmp_path / "dirty.sqlite"
    make(dirty, is_dirty=True).close()
    with pytest.raises(RefusedError, match="midst of a migration"):
        copy_given(dirty, copy)
    assert not copy.exists()


def test_a_copy_that_would_fill_the_disk_is_not_begun(tmp_path, monkeypatch):
    source = tmp_path / "stash-go.sqlite"
    make(source).close()
    monkeypatch.setattr(given_database, "_HEAD_ROOM_BYTES", 1 << 60)
    with pytest.raises(LibraryError, match="does not fit"):
        copy_given(source, tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()
