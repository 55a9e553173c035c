from __future__ import annotations

import contextlib
import sqlite3

import pytest

from stashbench.collect.database import read_database_facts
from stashbench.model.stash_schema import expected_indexes


def change(path, *statements):
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_healthy_library(make_library):
    path = make_library()
    facts = read_database_facts(path)
    assert facts.schema_version == 75
    assert facts.is_dirty is False
    assert facts.table_row_counts["scenes"] == 20
    assert facts.table_row_counts["scenes_tags"] == 40
    assert facts.blob_bytes == 1000
    assert facts.journal_mode == "wal"
    assert facts.was_in_use is False
    assert facts.page_size * facts.page_count == facts.file_bytes == path.stat().st_size
    assert facts.wal_bytes == 0
    assert facts.free_bytes > 0
    assert facts.filesystem
    assert facts.not_measured == ()
    assert {"scenes", "tags", "blobs"} <= set(facts.tables)
    assert not any(name.startswith("sqlite_") for name in (*facts.tables, *facts.index_names))


def test_a_dropped_index_is_not_among_the_names_until_its_statement_makes_it_again(make_library):
    path = make_library()
    (definition,) = (item for item in expected_indexes(75) if item.name == "index_scenes_tags_on_tag_id")
    whole = set(read_database_facts(path).index_names)
    change(path, definition.rollback)
    assert whole - set(read_database_facts(path).index_names) == {definition.name}
    change(path, definition.statement)
    assert set(read_database_facts(path).index_names) == whole


def test_statistics_are_held_against_the_rows_that_are_there(make_library):
    path = make_library(1500)
    facts = read_database_facts(path)
    assert not facts.has_statistics
    assert facts.largest_statistics_ratio is None
    assert set(facts.tables_without_statistics) == {"scenes", "scenes_tags", "scenes_view_dates"}

    change(path, "ANALYZE")
    facts = read_database_facts(path)
    assert facts.has_statistics
    assert facts.largest_statistics_ratio == 1.0
    assert facts.tables_without_statistics == ()

    change(path, "DELETE FROM scenes_tags WHERE scene_id > 150")
    facts = read_database_facts(path)
    assert facts.largest_statistics_ratio == pytest.approx(10.0)
    worst = max((row for row in facts.statistics if row.ratio), key=lambda row: row.ratio)
    assert (worst.table, worst.believed_row_count, worst.row_count) == ("scenes_tags", 3000, 300)


def test_free_pages_are_counted(make_library):
    path = make_library(1500)
    change(path, "DELETE FROM scenes_tags")
    facts = read_database_facts(path)
    assert facts.freelist_count > 0
    assert facts.freelist_percent == pytest.approx(100 * facts.freelist_count / facts.page_count)


def test_the_log_of_a_live_server_is_measured(make_library):
    path = make_library()
    with contextlib.closing(sqlite3.connect(path)) as server:
        server.execute("UPDATE scenes SET details = 'x'")
        server.commit()
        facts = read_database_facts(path)
        assert facts.wal_bytes == path.with_name(path.name + "-wal").stat().st_size > 0
        assert facts.was_in_use is None
        assert facts.journal_mode == "wal"


def test_without_time_the_counts_are_unknown_and_said_to_be(make_library):
    facts = read_database_facts(make_library(), time_limit_seconds=0.0)
    assert set(facts.table_row_counts.values()) == {None}
    assert facts.blob_bytes is None
    assert len(facts.not_measured) == 2


def test_a_count_that_takes_too_long_is_broken_off(make_library):
    path = make_library()
    change(
        path,
        "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
    )
    from stashbench.collect.row_counts import Budget

    with contextlib.closing(sqlite3.connect(path)) as connection:
        budget = Budget(connection, 0.05)
        assert budget.number("SELECT count(*) FROM endless") is None
        assert budget.number("SELECT 1") is None  # the time is used up
        assert Budget(connection, 5).number("SELECT count(*) FROM scenes") == 20


def test_an_interrupted_migration_is_seen(make_library):
    path = make_library()
    change(path, "UPDATE schema_migrations SET dirty = 1")
    assert read_database_facts(path).is_dirty is True


def test_a_database_of_something_else(tmp_path):
    path = tmp_path / "other.sqlite"
    change(path, 'CREATE TABLE "a ""quoted"" name" (a)')
    facts = read_database_facts(path)
    assert facts.schema_version is None
    assert facts.table_row_counts == {'a "quoted" name': 0}
    assert facts.blob_bytes is None


def test_the_index_list_is_that_of_the_embedded_servers_schema():
    from stashbench.embedded.schema import INDEXES

    assert {item.name for item in expected_indexes(75)} == set(INDEXES) - {"version_unique"}
