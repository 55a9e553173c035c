from __future__ import annotations

import sqlite3

import pytest

from stashbench.analyse.checks.indexes import missing_indexes
from stashbench.embedded.schema import INDEXES, TABLES
from stashbench.model.finding import Outcome
from stashbench.model.stash_schema import CATALOGUE, expected_indexes


def names(schema_version):
    return tuple(index.name for index in expected_indexes(schema_version))


def test_a_whole_database_misses_nothing(make_facts):
    observation = missing_indexes(make_facts(index_names=names(75)))
    assert observation.value == 0.0
    assert observation.fact("missing_indexes") == ()


def test_a_dropped_index_is_named_with_statement_and_undo(make_facts):
    kept = tuple(name for name in names(75) if name != "index_scenes_tags_on_tag_id")
    observation = missing_indexes(make_facts(index_names=kept))
    assert observation.value == 1.0
    assert "1 index of schema 75 is missing: index_scenes_tags_on_tag_id" in observation.message
    (row,) = observation.fact("missing_indexes")
    assert row["statement"] == 'CREATE INDEX IF NOT EXISTS "index_scenes_tags_on_tag_id" ON "scenes_tags" ("tag_id");'
    assert row["rollback"] == 'DROP INDEX IF EXISTS "index_scenes_tags_on_tag_id";'


@pytest.mark.parametrize("schema_version", [47, 76])
def test_unknown_schemas_are_not_judged(make_facts, schema_version):
    assert missing_indexes(make_facts(schema_version=schema_version)).outcome is Outcome.INCONCLUSIVE


def test_a_file_without_a_version_is_not_measured(make_facts):
    assert missing_indexes(make_facts(schema_version=None)).outcome is Outcome.NOT_MEASURED


def test_the_catalogue_knows_the_indexes_of_the_newest_schema():
    assert set(names(75)) == {name for name in INDEXES if name != "version_unique"}


def test_no_index_has_two_shapes_at_one_version():
    for version in range(48, 76):
        assert len(names(version)) == len(set(names(version)))


def test_every_statement_runs_and_its_undo_takes_it_back():
    connection = sqlite3.connect(":memory:")
    connection.create_collation("NATURAL_CI", lambda a, b: (a > b) - (a < b))
    for statement in TABLES.values():
        connection.execute(statement)
    for index in CATALOGUE:
        if index.until == 75:
            connection.execute(index.statement)
            connection.execute(index.rollback)
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE type='index' AND sql <> ''").fetchone() == (0,)
    connection.close()
