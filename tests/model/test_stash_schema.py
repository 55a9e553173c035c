from __future__ import annotations

import contextlib
import sqlite3

import pytest

from stashbench.model.stash_schema import FIRST_SCHEMA, LAST_SCHEMA, expected_indexes


@pytest.mark.parametrize("version", [FIRST_SCHEMA - 1, LAST_SCHEMA + 1])
def test_versions_outside_the_catalogue_are_not_known(version):
    assert expected_indexes(version) is None


@pytest.mark.parametrize(("version", "count"), [(48, 44), (75, 58)])
def test_names_occur_once(version, count):
    names = [item.name for item in expected_indexes(version)]
    assert len(names) == len(set(names)) == count


@pytest.mark.parametrize("version", [48, 75])
def test_each_statement_makes_the_index_it_describes(version):
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        columns: dict[str, set[str]] = {}
        for item in expected_indexes(version):
            columns.setdefault(item.table, set()).update(item.columns)
        columns.setdefault("galleries_files", set()).add("primary")
        columns.setdefault("images_files", set()).add("primary")
        columns.setdefault("scenes_files", set()).add("primary")
        for table, names in columns.items():
            connection.execute(f"CREATE TABLE `{table}` ({', '.join(f'`{name}`' for name in sorted(names))})")
        for item in expected_indexes(version):
            connection.execute(item.statement)
            connection.execute(item.statement)  # harmless where the index exists
            made = {
                row[1]: (bool(row[2]), bool(row[4])) for row in connection.execute(f"PRAGMA index_list(`{item.table}`)")
            }
            assert made[item.name] == (item.is_unique, bool(item.where))
            found = [row[2] for row in connection.execute(f"PRAGMA index_info({item.name})")]
            assert tuple(found) == item.columns


def test_the_studio_index_of_images_became_partial():
    by_version = {
        version: next(item for item in expected_indexes(version) if item.name == "index_images_on_studio_id")
        for version in (48, 75)
    }
    assert by_version[48].where == ""
    assert by_version[75].where == '"studio_id" IS NOT NULL'
