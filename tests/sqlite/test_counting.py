from __future__ import annotations

import sqlite3
import time

import pytest

from stashbench.sqlite.counting import Counting
from stashbench.sqlite.protocol import Blob, Job, Task

ROWS = 1000
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE scenes (id INTEGER PRIMARY KEY, title TEXT, studio_id INTEGER)")
    connection.executemany("INSERT INTO scenes (title, studio_id) VALUES (?, ?)", ((f"T {i}", i) for i in range(ROWS)))
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def make(path):
    opened = []

    def counting(step_limit=10_000_000, limit_seconds=10.0):
        opened.append(Counting(Job(f"file:{path}?mode=ro", step_limit, limit_seconds)))
        return opened[-1]

    yield counting
    for item in opened:
        item.close()


def count(counting, sql, *arguments):
    return counting.count(Task(sql, arguments))


def test_a_scan_steps_over_the_whole_table_and_an_index_does_not(path, make):
    sql = "SELECT id FROM scenes WHERE studio_id = ?"
    before = count(make(), sql, 500)
    assert before.full_scan_step_count == ROWS - 1
    assert before.vm_step_count > 2 * ROWS
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE INDEX by_studio ON scenes (studio_id)")
    connection.close()
    after = count(make(), sql, 500)
    assert after.full_scan_step_count == 0
    assert after.vm_step_count < 50


def test_counts_are_the_same_every_time_and_know_sorts_and_functions(make):
    counting = make()
    sql = "SELECT id FROM scenes WHERE title REGEXP ? ORDER BY title COLLATE NATURAL_CI LIMIT 5"
    first, second = (count(counting, sql, "^T 1") for _ in range(2))
    assert first == second
    assert first.sort_count == 1
    assert first.reason == ""
    assert (
        count(counting, "SELECT count(*) FROM scenes a, scenes b WHERE a.title = b.title").auto_index_row_count
        == ROWS - 1
    )
    assert count(counting, "SELECT length(?)", Blob(b"abc")).vm_step_count > 0


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM scenes",
        "UPDATE scenes SET title = 'x'",
        "PRAGMA journal_mode = DELETE",
        "ATTACH 'other.sqlite' AS other",
        "CREATE TEMP TABLE t (a)",
        "VACUUM INTO 'copy.sqlite'",
        "SELECT load_extension('x')",
        "SELECT 1; DELETE FROM scenes",
        "BEGIN IMMEDIATE",
        "no SQL at all",
        "SELECT * FROM nothing_of_the_kind",
        "",
    ],
)
def test_whatever_does_more_than_reading_is_refused_with_a_reason(path, make, sql, tmp_path):
    before = path.read_bytes()
    found = count(make(), sql)
    assert found.vm_step_count is None
    assert found.reason
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_what_does_not_end_is_ended_and_told_as_at_least(make):
    found = count(make(step_limit=200_000), ENDLESS)
    assert found.is_at_least
    assert 200_000 <= found.vm_step_count < 300_000


def test_time_ends_too_and_then_nothing_is_said(make):
    counting = make(step_limit=10**15, limit_seconds=0.2)
    begin = time.monotonic()
    found = count(counting, ENDLESS)
    assert time.monotonic() - begin < 5
    assert found.vm_step_count is None
    assert "counting was ended" in found.reason
    assert count(counting, "SELECT 1").reason == found.reason


def test_huge_values_and_memory_are_refused(make):
    counting = make()
    assert count(counting, "SELECT zeroblob(1000000000)").reason
    assert count(counting, "SELECT 1").vm_step_count > 0
    assert "secret" not in repr(Task("SELECT ?", ("secret",)))
