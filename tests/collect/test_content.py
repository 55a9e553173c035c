from __future__ import annotations

import contextlib
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.collect.content import Cell, Disregard, highest_rows
from stashbench.collect.database import content_hash
from stashbench.errors import DatabaseFileError


def change(path, *statements):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    "statements",
    [
        ("VACUUM",),
        ("ANALYZE",),
        ("REINDEX",),
        ("DROP INDEX index_scenes_on_studio_id",),
        ("PRAGMA journal_mode = delete",),
        ("CREATE TABLE filler (a)", "INSERT INTO filler SELECT zeroblob(100000)", "DROP TABLE filler", "VACUUM"),
        ("DELETE FROM scenes_tags WHERE scene_id = 3", "INSERT INTO scenes_tags VALUES (3, 2), (3, 1)"),
    ],
)
def test_what_changes_no_content_changes_no_hash(make_library, statements):
    path = make_library()
    before = content_hash(path)
    change(path, *statements)
    assert content_hash(path) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE scenes SET title = 'other' WHERE id = 7",
        "UPDATE scenes SET rating = 0 WHERE id = 7",
        "DELETE FROM scenes_tags WHERE scene_id = 3 AND tag_id = 1",
        "INSERT INTO scenes_view_dates VALUES (1, '2026-01-01T00:00:00Z')",
        "UPDATE blobs SET blob = x'00' WHERE checksum = 'b'",
        "ALTER TABLE scenes ADD COLUMN extra text",
        "CREATE TABLE extra (a)",
    ],
)
def test_a_change_of_content_changes_the_hash(make_library, statement):
    path = make_library()
    before = content_hash(path)
    change(path, statement)
    assert content_hash(path) != before


def test_it_sees_one_state_of_a_live_server(make_library):
    path = make_library()
    closed = content_hash(path)
    with contextlib.closing(sqlite3.connect(path)) as server:
        server.execute("DELETE FROM scenes WHERE id = 1")
        assert content_hash(path) == closed  # not committed
        server.rollback()


def test_text_that_is_not_valid_counts(make_library):
    path = make_library()
    change(path, "UPDATE scenes SET title = CAST(x'ff41' AS TEXT) WHERE id = 1")
    once = content_hash(path)
    change(path, "UPDATE scenes SET title = CAST(x'fe41' AS TEXT) WHERE id = 1")
    assert content_hash(path) != once


VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=("Cs",))),
    st.binary(),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(st.tuples(VALUES, VALUES), max_size=6), random=st.randoms())
def test_the_order_of_insertion_does_not_matter_where_there_is_a_key(tmp_path, rows, random):
    shuffled = list(enumerate(rows))
    hashes = []
    for _ in range(2):
        random.shuffle(shuffled)
        path = tmp_path / "keyed.sqlite"
        path.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE t (k TEXT PRIMARY KEY, a, b)")
            connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [(f"k{key}", *row) for key, row in shuffled])
            connection.commit()
        hashes.append(content_hash(path))
    assert hashes[0] == hashes[1]


def test_an_unreadable_file_is_said_to_be(tmp_path):
    with pytest.raises(DatabaseFileError, match="There is no database"):
        content_hash(tmp_path / "none")


def test_a_single_value_may_change_and_its_neighbours_may_not(make_library):
    path = make_library()
    disregard = Disregard(cells=frozenset({Cell("scenes", 7, "title")}))
    before = content_hash(path, disregard)
    change(path, "UPDATE scenes SET title = 'other' WHERE id = 7")
    assert content_hash(path, disregard) == before
    for statement in (
        "UPDATE scenes SET title = 'other' WHERE id = 8",
        "UPDATE scenes SET rating = 0 WHERE id = 7",
        "DELETE FROM scenes WHERE id = 7",
    ):
        change(path, statement)
        after = content_hash(path, disregard)
        assert after != before
        before = after


def test_rows_may_be_added_and_those_there_before_may_not_change(make_library):
    path = make_library()
    disregard = Disregard(highest_rows=highest_rows(path))
    before = content_hash(path, disregard)
    change(
        path,
        "INSERT INTO scenes_view_dates VALUES (1, '2026-01-01T00:00:00Z')",
        "INSERT INTO blobs (checksum, blob) VALUES ('zz', x'00')",
    )
    assert content_hash(path, disregard) == before
    change(path, "UPDATE scenes SET title = 'other' WHERE id = 7")
    assert content_hash(path, disregard) != before
    assert content_hash(path) != content_hash(path, disregard)
