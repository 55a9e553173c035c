"""The schema is held against lists written down here, and against what SQLite says of it."""

from __future__ import annotations

import apsw
import pytest

from stashbench.embedded.schema import INDEXES, SCHEMA_VERSION, TABLES, create_schema

EXPECTED_TABLES = """
blobs files files_fingerprints folders galleries galleries_chapters galleries_files galleries_images galleries_tags
gallery_urls group_urls groups groups_relations groups_scenes groups_tags image_files image_urls images images_files
images_tags performer_aliases performer_custom_fields performer_stash_ids performer_urls performers
performers_galleries performers_images performers_scenes performers_tags saved_filters scene_markers
scene_markers_tags scene_stash_ids scene_urls scenes scenes_files scenes_galleries scenes_o_dates scenes_tags
scenes_view_dates schema_migrations studio_aliases studio_stash_ids studio_urls studios studios_tags tag_aliases
tag_stash_ids tags tags_relations video_captions video_files
"""

EXPECTED_INDEXES = """
index_files_on_basename index_files_on_parent_folder_id_basename_unique index_files_zip_basename_unique
index_fingerprint_type_fingerprint index_folders_on_parent_folder_id index_folders_on_path_unique
index_folders_on_zip_file_id index_galleries_on_folder_id_unique index_galleries_on_studio_id
index_galleries_chapters_on_gallery_id index_galleries_files_file_id unique_index_galleries_files_on_primary
index_galleries_images_gallery_id_cover index_galleries_images_on_image_id index_galleries_tags_on_tag_id
gallery_urls_url group_urls_url index_groups_on_name index_groups_on_studio_id
index_groups_relations_order_index_unique index_groups_relations_sub_id index_movies_scenes_on_movie_id
index_groups_tags_on_movie_id index_groups_tags_on_tag_id image_urls_url index_images_on_studio_id
index_images_files_on_file_id unique_index_images_files_on_primary index_images_tags_on_tag_id
performer_aliases_alias index_performer_custom_fields_field_value index_performer_stash_ids_on_performer_id
performers_urls_url performers_name_disambiguation_unique performers_name_unique
index_performers_galleries_on_performer_id index_performers_images_on_performer_id
index_performers_scenes_on_performer_id index_performers_tags_on_tag_id index_saved_filters_on_mode_name_unique
index_scene_markers_on_primary_tag_id index_scene_markers_on_scene_id index_scene_markers_tags_on_tag_id
scene_urls_url index_scenes_on_studio_id index_scenes_files_file_id unique_index_scenes_files_on_primary
index_scenes_galleries_on_gallery_id index_scenes_o_dates index_scenes_tags_on_tag_id index_scenes_view_dates
studio_aliases_alias_unique index_studio_stash_ids_on_studio_id studio_urls_url index_studios_on_name_unique
index_studios_tags_on_tag_id tag_aliases_alias_unique index_tags_on_name version_unique
"""


@pytest.fixture(scope="module")
def database():
    connection = apsw.Connection(":memory:")
    create_schema(connection)
    yield connection
    connection.close()


def names(database, kind):
    query = "SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'"
    return {name for (name,) in database.execute(query, (kind,))}


def columns(database, table):
    return {row[1]: row for row in database.execute(f'PRAGMA table_info("{table}")')}


def test_all_tables_and_no_others_are_there(database):
    assert names(database, "table") == set(EXPECTED_TABLES.split()) == set(TABLES)


def test_all_indexes_and_no_others_are_there(database):
    assert names(database, "index") == set(EXPECTED_INDEXES.split()) == set(INDEXES)
    assert len(INDEXES) == 59


def test_the_version_row_is_clean(database):
    assert list(database.execute("SELECT version, dirty FROM schema_migrations")) == [(SCHEMA_VERSION, 0)]
    assert SCHEMA_VERSION == 75


@pytest.mark.parametrize(
    ("table", "count", "some"),
    [
        (
            "scenes",
            15,
            {"cover_blob": "varchar(255)", "date": "date", "resume_time": "float", "date_precision": "tinyint"},
        ),
        ("files", 8, {"basename": "varchar(255)", "mod_time": "datetime", "zip_file_id": "integer"}),
        ("video_files", 11, {"frame_rate": "float", "interactive": "boolean", "width": "tinyint"}),
        ("performers", 28, {"circumcised": "varchar[10]", "height": "int", "death_date_precision": "tinyint"}),
        ("images", 13, {"o_counter": "tinyint", "photographer": "text"}),
        ("groups", 14, {"front_image_blob": "varchar(255)", "description": "text"}),
        ("saved_filters", 6, {"ui_options": "blob"}),
        ("schema_migrations", 2, {"version": "uint64", "dirty": "bool"}),
    ],
)
def test_columns_have_the_types_by_which_stash_converts(database, table, count, some):
    found = columns(database, table)
    assert len(found) == count
    assert {name: found[name][2].lower() for name in some} == some


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("scenes_tags", ["scene_id", "tag_id"]),
        ("performers_scenes", ["scene_id", "performer_id"]),
        ("files_fingerprints", ["file_id", "type", "fingerprint"]),
        ("video_captions", ["file_id", "language_code", "caption_type"]),
        ("scene_urls", ["scene_id", "position", "url"]),
        ("scenes_view_dates", []),
        ("performer_stash_ids", []),
    ],
)
def test_primary_keys_are_in_stash_order(database, table, key):
    places = {row[5]: name for name, row in columns(database, table).items() if row[5]}
    assert [places[place] for place in sorted(places)] == key


def test_unique_and_partial_indexes(database):
    unique = {
        row[1]
        for table in TABLES
        for row in database.execute(f'PRAGMA index_list("{table}")')
        if row[2] and row[3] == "c"
    }
    partial = {row[1] for table in TABLES for row in database.execute(f'PRAGMA index_list("{table}")') if row[4]}
    assert len(unique) == 16
    assert "unique_index_scenes_files_on_primary" in unique & partial
    assert "index_images_on_studio_id" in partial - unique
    assert len(partial) == 9


def test_every_foreign_key_names_a_table_and_a_key(database):
    database.execute("PRAGMA foreign_keys = ON")
    for table in TABLES:
        for row in database.execute(f'PRAGMA foreign_key_list("{table}")'):
            assert row[4] in columns(database, row[2]), f"{table} refers to {row[2]}.{row[4]}"


def test_deleting_a_scene_takes_its_links_along(database):
    database.execute("PRAGMA foreign_keys = ON")
    with database:
        database.execute("INSERT INTO tags (id, name, created_at, updated_at) VALUES (1, 'a', '', '')")
        database.execute("INSERT INTO scenes (id, created_at, updated_at) VALUES (1, '', '')")
        database.execute("INSERT INTO scenes_tags VALUES (1, 1)")
        database.execute("DELETE FROM scenes")
        assert list(database.execute("SELECT count(*) FROM scenes_tags")) == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO files VALUES (1, '', NULL, 1, 1, '', '', '')",
        "INSERT INTO studios (id, name, parent_id, created_at, updated_at) VALUES (5, 'x', 5, '', '')",
        "INSERT INTO groups_relations (containing_id, sub_id, order_index) VALUES (3, 3, 1)",
    ],
)
def test_checks_refuse_what_stash_refuses(database, statement):
    database.execute("PRAGMA foreign_keys = OFF")
    with pytest.raises(apsw.ConstraintError, match="CHECK"):
        database.execute(statement)
