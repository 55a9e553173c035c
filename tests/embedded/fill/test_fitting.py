"""Schemas that nobody has seen yet: columns and tables that come, go and demand."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.embedded.library import fill
from stashbench.embedded.library.layout import Column, Layout, Table
from stashbench.errors import LibraryError

NEEDED = {
    "size",
    "duration",
    "play_duration",
    "o_counter",
    "play_count",
    "id",
    "name",
    "title",
    "path",
    "basename",
    "mode",
    "primary",
    "position",
    "url",
    "alias",
    "value",
    "field",
}
TYPES = {
    "integer": 0,
    "tinyint": 0,
    "boolean": 0,
    "float": 0.0,
    "varchar(255)": "",
    "text": "",
    "blob": b"",
    "datetime": "2016-02-01T00:00:00Z",
    "date": "2016-02-01",
}


def add_column(table, definition, reference=None):
    def change(description):
        description["tables"][table]["columns"].append(definition)
        if reference:
            description["tables"][table].setdefault("references", []).append(reference)

    return change


@pytest.mark.parametrize(("declared", "value"), TYPES.items())
def test_a_new_column_that_must_have_a_value_gets_one_that_says_nothing(make_stash, declared, value):
    stash = make_stash(75, add_column("scenes", f"novelty {declared} not null"))
    fill(stash.path, scene_count=20, seed=1)
    assert stash.rows("SELECT DISTINCT novelty FROM scenes") == [(value,)]
    assert stash.one("SELECT count(*) FROM scenes") == 20


def test_a_new_column_with_a_default_keeps_it(make_stash):
    stash = make_stash(75, add_column("scenes", "novelty text not null default 'as made'"))
    fill(stash.path, scene_count=20, seed=1)
    assert stash.rows("SELECT DISTINCT novelty FROM scenes") == [("as made",)]


def test_a_new_reference_that_must_be_there_is_refused_by_name(make_stash):
    stash = make_stash(75, add_column("scenes", "owner_id integer not null", "owner_id -> performers.id"))
    before = stash.digest()
    with pytest.raises(LibraryError, match="the column owner_id of scenes needs a value of its own"):
        fill(stash.path, scene_count=20, seed=1)
    assert stash.digest() == before


def test_a_new_column_that_must_differ_is_refused_by_name(make_stash):
    def change(description):
        add_column("tags", "uuid text not null")(description)
        description["indexes"]["tags_uuid"] = {"on": "tags", "columns": ["uuid"], "unique": True}

    with pytest.raises(LibraryError, match="the column uuid of tags needs"):
        fill(make_stash(75, change).path, scene_count=20, seed=1)


def test_a_new_column_that_differs_together_with_another_is_filled(make_stash):
    def change(description):
        add_column("studios", "tenant integer not null")(description)
        description["indexes"]["index_studios_on_name_unique"]["columns"] = ["tenant", "name"]

    stash = make_stash(75, change)
    fill(stash.path, scene_count=20, seed=1)
    assert stash.rows("SELECT DISTINCT tenant FROM studios") == [(0,)]


def test_a_condition_that_our_rows_break_is_one_sentence(make_stash):
    def change(description):
        description["tables"]["scenes"]["checks"] = ["title IS NOT NULL"]

    stash = make_stash(75, change)
    before = stash.digest()
    with pytest.raises(LibraryError, match=r"refuses a generated row .*this release's schema is not known"):
        fill(stash.path, scene_count=100, seed=1)
    assert stash.digest() == before


def test_a_unique_index_that_our_rows_break_is_one_sentence(make_stash):
    def change(description):
        description["indexes"]["new"] = {"on": "scenes", "columns": ["director"], "unique": True}

    with pytest.raises(LibraryError, match=r"refuses a generated row .*scenes.director"):
        fill(make_stash(75, change).path, scene_count=300, seed=1)


def test_a_reference_to_what_is_not_there_is_one_sentence(make_stash):
    def change(description):
        description["tables"]["scenes"]["references"].append("title -> tags.name")
        description["indexes"]["tags_name"] = {"on": "tags", "columns": ["name"], "unique": True}

    with pytest.raises(LibraryError, match="rows of the table scenes would refer to nothing in tags"):
        fill(make_stash(75, change).path, scene_count=20, seed=1)


def removable(description):
    """Columns that hold no key and no link, so that a release could do without them."""
    for table, content in description["tables"].items():
        linked = {text.split(" -> ")[0] for text in content.get("references", [])}
        indexed = {
            name for index in description["indexes"].values() if index["on"] == table for name in index["columns"]
        }
        key = content.get("key", [])
        for column in content["columns"]:
            name = column.split()[0]
            if (
                name not in NEEDED | linked | indexed | set(key if isinstance(key, list) else ())
                and table != "schema_migrations"
            ):
                yield table, name


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), version=st.sampled_from([48, 55, 68, 75]))
def test_any_columns_may_be_missing_or_new(make_stash, data, version):
    def change(description):
        gone = data.draw(st.lists(st.sampled_from(sorted(removable(description))), max_size=25, unique=True))
        for table, name in gone:
            content = description["tables"][table]
            content["columns"] = [column for column in content["columns"] if column.split()[0] != name]
            content["checks"] = []
        tables = sorted(set(description["tables"]) - {"schema_migrations"})
        new = data.draw(st.lists(st.tuples(st.sampled_from(tables), st.sampled_from(sorted(TYPES))), max_size=6))
        for number, (table, declared) in enumerate(new):
            add_column(table, f"novelty_{number} {declared} not null")(description)
        for content in description["tables"].values():
            content["columns"] = (
                data.draw(st.permutations(content["columns"])) if data.draw(st.booleans()) else content["columns"]
            )

    stash = make_stash(version, change)
    fill(stash.path, scene_count=30, seed=1)
    assert stash.rows("PRAGMA integrity_check") == [("ok",)]
    assert stash.rows("PRAGMA foreign_key_check") == []
    assert stash.one("SELECT count(*) FROM scenes") == 30


def test_a_layout_survives_being_written_down():
    layout = Layout({"a": Table((Column("b", "int", is_required=True),), (("b",), ("b", "c")), ("d",)), "e": Table(())})
    assert Layout.from_text(layout.to_text()) == layout
