from __future__ import annotations

import contextlib
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.statistics_rows import parse_row_count, read_statistics


@pytest.fixture
def connection():
    with contextlib.closing(sqlite3.connect(":memory:")) as opened:
        opened.execute("CREATE TABLE t (a, b)")
        opened.execute("CREATE INDEX whole ON t (a)")
        opened.execute("CREATE INDEX part ON t (b) WHERE b IS NOT NULL")
        opened.executemany("INSERT INTO t VALUES (?, ?)", [(i, i if i < 10 else None) for i in range(2000)])
        opened.execute("ANALYZE")
        yield opened


def test_a_partial_index_says_nothing_of_the_table(connection):
    found = read_statistics(connection, {"t": 2000})
    ratios = {row.index: row.ratio for row in found.rows}
    assert ratios == {"whole": 1.0, "part": None}


def test_a_table_only_known_by_a_partial_index_is_unknown(connection):
    connection.execute("DELETE FROM sqlite_stat1 WHERE idx = 'whole'")
    assert read_statistics(connection, {"t": 2000}).unknown_tables == ("t",)


def test_an_uncounted_table_has_no_ratio(connection):
    assert {row.ratio for row in read_statistics(connection, {"t": None}).rows} == {None}


def test_small_tables_do_not_matter(connection):
    connection.execute("UPDATE sqlite_stat1 SET stat = '3 1'")
    assert read_statistics(connection, {"t": 900}).largest_ratio is None
    assert read_statistics(connection, {"t": 1200}).largest_ratio == 400


@pytest.mark.parametrize(
    ("stat", "expected"),
    [("45210 12 1", 45210), ("7 unordered", 7), ("", None), (None, None), ("x 1", None), (b"1 2", None), (3, None)],
)
def test_statistics_texts(stat, expected):
    assert parse_row_count(stat) == expected


@given(st.text())
def test_no_text_makes_it_raise(text):
    found = parse_row_count(text)
    assert found is None or found >= 0
