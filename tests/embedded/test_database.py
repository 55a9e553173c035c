from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import apsw
import pytest

from stashbench.embedded.database import READER_COUNT, Database
from stashbench.embedded.loghub import LogHub, LogLevel
from stashbench.embedded.statement_log import StatementLog
from stashbench.errors import DatabaseFileError


class Recorder(StatementLog):
    def __init__(self):
        super().__init__(LogHub())
        self.lines = []

    def record(self, nanoseconds, sql, args):
        self.lines.append((nanoseconds, sql, tuple(args)))


@pytest.fixture
def log():
    return Recorder()


@pytest.fixture
def database(library, log):
    opened = Database(library, log=log)
    yield opened
    opened.close()


def test_connections_have_stashs_pragmas(database):
    for session_of in (database.read, database.write):
        with session_of() as session:
            assert session.fetch_one("PRAGMA journal_mode") == ("wal",)
            assert session.fetch_one("PRAGMA synchronous") == (1,)
            assert session.fetch_one("PRAGMA foreign_keys") == (1,)
            assert session.fetch_one("PRAGMA busy_timeout") == (50,)
            assert session.fetch_one("PRAGMA cache_size") == (-2000,)


def test_cache_size_is_that_of_every_connection(library):
    database = Database(library, cache_size=123)
    with database.read() as reader:
        assert reader.fetch_one("PRAGMA cache_size") == (123,)
    with database.write() as writer:
        assert writer.fetch_one("PRAGMA cache_size") == (123,)
    database.close()


def test_readers_cannot_write(database):
    with database.read() as session, pytest.raises(apsw.ReadOnlyError):
        session.execute("UPDATE scenes SET title = 'x'")


def test_ten_readers_work_at_once_and_the_eleventh_waits(database):
    barrier = threading.Barrier(READER_COUNT + 1)
    release = threading.Event()

    def hold():
        with database.read() as session:
            barrier.wait(5)
            release.wait(5)
            return session.fetch_one("SELECT COUNT(*) FROM scenes")[0]

    def look():
        with database.read() as session:
            return session.fetch_one("SELECT COUNT(*) FROM scenes")[0]

    with ThreadPoolExecutor(READER_COUNT + 1) as pool:
        held = [pool.submit(hold) for _ in range(READER_COUNT)]
        barrier.wait(5)  # only passes if all ten are inside their transaction
        eleventh = pool.submit(look)
        assert not eleventh.done()
        release.set()
        assert [future.result(5) for future in (*held, eleventh)] == [300] * (READER_COUNT + 1)


def test_a_read_inside_a_transaction_joins_it(database):
    with database.write() as writer:
        writer.change("UPDATE scenes SET title = 'seen from inside' WHERE id = 1")
        with database.read() as inner:
            assert inner.fetch_one("SELECT title FROM scenes WHERE id = 1") == ("seen from inside",)


def test_a_failed_write_leaves_nothing(database):
    def change_and_fail():
        with database.write() as session:
            session.change("UPDATE scenes SET title = 'lost' WHERE id = 1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    with database.read() as session:
        assert session.fetch_one("SELECT title FROM scenes WHERE id = 1") != ("lost",)


def test_the_logged_time_covers_the_fetch_or_only_the_opening(database, log):
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT MAX(i) FROM n"
    with database.read() as session:
        fetched, queried = session.fetch(slow), session.query(slow)
    assert fetched == queried == [(200_000,)]
    (fetch_nanoseconds, *_), (query_nanoseconds, *_) = log.lines
    assert fetch_nanoseconds > 5 * query_nanoseconds


def test_statements_and_arguments_are_logged(database, log):
    with database.read() as session:
        session.fetch("SELECT id FROM scenes WHERE id IN (?, ?)", (1, 2))
    assert [(sql, args) for _, sql, args in log.lines] == [("SELECT id FROM scenes WHERE id IN (?, ?)", (1, 2))]


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(DatabaseFileError, match="no database file"):
        Database(tmp_path / "absent.sqlite")


def test_a_file_that_is_no_database_is_said(tmp_path):
    path = tmp_path / "text.sqlite"
    path.write_text("this is not a database, however long it may be" * 50)
    with pytest.raises(DatabaseFileError, match="cannot be opened"):
        Database(path)


def test_statement_log_shapes(library):
    hub = LogHub(LogLevel.TRACE)
    log = StatementLog(hub)
    log.record(428_049, "SELECT COUNT(*) FROM `scenes`", ())
    log.record(200_000_000, "SELECT ?", (None, True, "two words", b"\x01\x02", 1.5))
    log.record_write("UPDATE `scenes` SET `title`=?", ("x",))
    write, slow, fast = hub.recent()
    assert (fast.level, fast.message) == (LogLevel.TRACE, "SQL [428.049µs]: SELECT COUNT(*) FROM `scenes`, args: []")
    assert slow.level is LogLevel.DEBUG
    assert slow.message == "SLOW SQL [200ms]: SELECT ?, args: [<nil> true two words [1 2] 1.5]"
    assert write.message == "SQL: UPDATE `scenes` SET `title`=? [[x]]"
