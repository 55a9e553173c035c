from __future__ import annotations

import sqlite3
import stat
from contextlib import closing

import pytest

from stashbench.target import fresh_copy
from stashbench.target.fresh_copy import FreshCopy


@pytest.fixture
def library(tmp_path):
    source = tmp_path / "source.sqlite"
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("CREATE TABLE t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [(number,) for number in range(100)])
        connection.commit()
    copy = FreshCopy(source, tmp_path / "copy.sqlite")
    copy.make()
    return copy


def use(library, *statements):
    """Do what a server does: open the file, be noted when it is ready, work, end."""
    with closing(sqlite3.connect(library.path, isolation_level=None)) as connection:
        connection.execute("SELECT count(*) FROM t").fetchone()
        library.note()
        for statement in statements:
            connection.execute(statement).fetchall()


def count(library):
    with closing(sqlite3.connect(library.path)) as connection:
        return connection.execute("SELECT count(*) FROM t").fetchone()[0]


def test_a_copy_is_for_nobody_else(library):
    assert stat.S_IMODE(library.path.stat().st_mode) == 0o600


def test_a_small_library_is_copied_again_each_time(library):
    use(library)
    library.restore()
    assert library.copy_count == 2


def test_a_large_one_is_kept_while_nobody_writes(library, monkeypatch):
    monkeypatch.setattr(fresh_copy, "KEPT_ABOVE_BYTES", 1)
    for _ in range(3):
        use(library, "SELECT sum(x) FROM t")
        library.restore()
    assert library.copy_count == 1


def test_a_large_one_that_was_written_to_is_what_it_was_again(library, monkeypatch):
    monkeypatch.setattr(fresh_copy, "KEPT_ABOVE_BYTES", 1)
    use(library, "DELETE FROM t WHERE x < 50")
    assert count(library) == 50
    library.restore()
    assert library.copy_count == 2
    assert count(library) == 100


def test_what_is_only_in_the_log_counts_as_written(library, monkeypatch, tmp_path):
    monkeypatch.setattr(fresh_copy, "KEPT_ABOVE_BYTES", 1)
    with closing(sqlite3.connect(library.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("SELECT count(*) FROM t").fetchone()
        library.note()
        connection.execute("DELETE FROM t")
        log = library.path.with_name("copy.sqlite-wal")
        assert log.stat().st_size
        left = log.read_bytes()
        before = library.path.read_bytes()
    library.path.write_bytes(before)
    log.write_bytes(left)  # as after a server that was killed
    library.restore()
    assert count(library) == 100


def test_an_unknown_state_is_copied_again(library, monkeypatch):
    monkeypatch.setattr(fresh_copy, "KEPT_ABOVE_BYTES", 1)
    library.restore()
    assert library.copy_count == 2
