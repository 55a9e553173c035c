"""A database filled at any schema: whole, the same library at each, and nothing of what Stash made is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import apsw
import pytest

from stashbench.embedded.library import Shape, fill, generate

SCENES = 400
VERSIONS = (48, 55, 58, 68, 75)
SCHEMA = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, rowid"


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """A library of our own, which has the rows in their newest form."""
    path = tmp_path_factory.mktemp("reference") / "library.sqlite"
    generate(path, scene_count=SCENES, seed=7)
    connection = apsw.Connection(f"file:{path}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_whole_and_all_that_stash_made_is_still_there(make_stash, version):
    stash = make_stash(version)
    schema, columns = stash.rows(SCHEMA), stash.rows("SELECT count(*) FROM sqlite_master")
    filled = fill(stash.path, scene_count=SCENES, seed=7)
    assert filled.schema_version == version == stash.one("SELECT version FROM schema_migrations")
    assert stash.rows("PRAGMA integrity_check") == [("ok",)]
    assert stash.rows("PRAGMA foreign_key_check") == []
    assert stash.rows(SCHEMA) == schema
    assert stash.rows("SELECT count(*) FROM sqlite_master") == columns
    for table, last in stash.rows("SELECT name, seq FROM sqlite_sequence"):
        assert last == (stash.one(f'SELECT max(id) FROM "{table}"') or 0)
    assert dict(stash.rows("SELECT name, seq FROM sqlite_sequence"))["scenes"] == SCENES
    assert stash.path.read_bytes()[18:20] == b"\x02\x02", "WAL mode is in the header"
    assert stash.beside() == []


@pytest.mark.parametrize("version", VERSIONS)
def test_its_numbers_are_those_of_the_shape(make_stash, version):
    stash, shape = make_stash(version), Shape(SCENES)
    numbers = fill(stash.path, scene_count=SCENES, seed=7).numbers
    for name in ("scene", "image", "gallery", "performer", "studio", "group", "tag"):
        plural = "galleries" if name == "gallery" else f"{name}s"
        assert getattr(numbers, f"{name}_count") == getattr(shape, plural)
    assert numbers.file_count == stash.one("SELECT count(*) FROM files")
    assert numbers.marker_count == stash.one("SELECT count(*) FROM scene_markers")
    assert numbers.scenes_bytes == stash.one(
        "SELECT sum(size) FROM files WHERE id IN (SELECT file_id FROM scenes_files)"
    )


def test_every_release_is_given_the_same_numbers(make_stash):
    numbers = {fill(make_stash(version).path, scene_count=SCENES, seed=7).numbers for version in VERSIONS}
    assert len(numbers) == 1


def test_at_the_newest_schema_every_row_is_that_of_our_own_library(make_stash, reference):
    stash = make_stash(75)
    assert fill(stash.path, scene_count=SCENES, seed=7).left_out == ()
    for table, description in stash.description["tables"].items():
        names = ", ".join(f'"{column.split()[0]}"' for column in description["columns"])
        select = f'SELECT {names} FROM "{table}" ORDER BY rowid'
        assert stash.rows(select) == reference(select), table


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_at_older_schemas_what_both_have_is_equal(make_stash, reference, version):
    stash = make_stash(version)
    fill(stash.path, scene_count=SCENES, seed=7)
    newest = make_stash(75).description["tables"]
    compared = 0
    for table, description in stash.description["tables"].items():
        if table in newest and table != "schema_migrations":
            own = [column.split()[0] for column in description["columns"]]
            both = [name for name in own if name in {column.split()[0] for column in newest[table]["columns"]}]
            names = ", ".join(f'"{name}"' for name in both)
            if names:
                select = f'SELECT {names} FROM "{table}" ORDER BY rowid'
                assert stash.rows(select) == reference(select), table
                compared += 1
    assert compared > 35


def test_what_was_rows_is_in_columns_before(make_stash, reference):
    stash = make_stash(48)
    fill(stash.path, scene_count=SCENES, seed=7)
    plays = "SELECT s.id, count(d.rowid), max(d.view_date) FROM scenes s LEFT JOIN scenes_view_dates d "
    assert stash.rows("SELECT id, play_count, last_played_at FROM scenes ORDER BY id") == reference(
        plays + "ON d.scene_id = s.id GROUP BY s.id ORDER BY s.id"
    )
    o_dates = "SELECT s.id, count(d.rowid) FROM scenes s LEFT JOIN scenes_o_dates d ON d.scene_id = s.id GROUP BY s.id"
    assert stash.rows("SELECT id, o_counter FROM scenes ORDER BY id") == reference(o_dates + " ORDER BY s.id")
    for table, urls, owner in (
        ("performers", "performer_urls", "performer_id"),
        ("studios", "studio_urls", "studio_id"),
        ("galleries", "gallery_urls", "gallery_id"),
        ("images", "image_urls", "image_id"),
        ("movies", "group_urls", "group_id"),
    ):
        got = stash.rows(f"SELECT id, url FROM {table} WHERE url IS NOT NULL ORDER BY id")
        assert got == reference(f"SELECT {owner}, url FROM {urls} WHERE position = 0 ORDER BY {owner}")
        assert got
    handles = stash.rows("SELECT id, twitter FROM performers WHERE twitter IS NOT NULL ORDER BY id")
    assert handles == reference("SELECT performer_id, url FROM performer_urls WHERE position = 1 ORDER BY performer_id")


def test_groups_are_movies_before(make_stash, reference):
    stash = make_stash(48)
    fill(stash.path, scene_count=SCENES, seed=7)
    assert stash.rows("SELECT id, synopsis, studio_id FROM movies ORDER BY id") == reference(
        'SELECT id, description, studio_id FROM "groups" ORDER BY id'
    )
    assert stash.rows("SELECT movie_id, scene_id, scene_index FROM movies_scenes ORDER BY rowid") == reference(
        "SELECT group_id, scene_id, scene_index FROM groups_scenes ORDER BY rowid"
    )


def test_names_that_must_differ_do(make_stash):
    from stashbench.embedded.library.fitting import _told_apart

    rows = [(1, "A", 5), (2, "B", 6), (3, "A", 7), (4, "A", 8)]
    assert list(_told_apart(iter(rows), 1)) == [(1, "A", 5), (2, "B", 6), (3, "A (3)", 7), (4, "A (4)", 8)]


def test_saved_filters_are_in_the_web_interfaces_old_form(make_stash):
    stash = make_stash(48)
    fill(stash.path, scene_count=SCENES, seed=7)
    texts = dict(stash.rows("SELECT name, filter FROM saved_filters"))
    best = json.loads(texts["Best rated"])
    assert (best["sortby"], best["sortdir"], best["perPage"]) == ("rating", "desc", 40)
    assert json.loads(best["c"][0]) == {"type": "rating100", "modifier": "GREATER_THAN", "value": {"value": 79}}
    assert json.loads(json.loads(texts["Untagged"])["c"][0])["type"] == "imageIsMissing"


@pytest.mark.parametrize("version", [48, 75])
def test_equal_arguments_give_equal_bytes_with_a_helper_process_too(make_stash, version):
    first, second, third = make_stash(version), make_stash(version), make_stash(version)
    fill(first.path, scene_count=150, seed=3, use_helper=False)
    fill(second.path, scene_count=150, seed=3, use_helper=True)
    fill(third.path, scene_count=150, seed=4, use_helper=False)
    assert first.digest() == second.digest() != third.digest()


@pytest.mark.parametrize("count", [0, 1])
def test_the_smallest_libraries_are_whole(make_stash, count):
    for version in VERSIONS:
        stash = make_stash(version)
        assert fill(stash.path, scene_count=count, seed=1).numbers.scene_count == count
        assert stash.rows("PRAGMA integrity_check") == [("ok",)]
        assert stash.rows("PRAGMA foreign_key_check") == []


def test_statistics_are_full_or_those_of_the_empty_database(make_stash):
    with_them, without = make_stash(48), make_stash(48)
    before = without.rows("SELECT * FROM sqlite_stat1")
    fill(with_them.path, scene_count=SCENES, seed=7)
    fill(without.path, scene_count=SCENES, seed=7, has_statistics=False)
    stat = with_them.one("SELECT stat FROM sqlite_stat1 WHERE idx = 'index_scenes_tags_on_tag_id'").split()[0]
    assert int(stat) == with_them.one("SELECT count(*) FROM scenes_tags")
    assert with_them.one("SELECT count(*) FROM sqlite_stat4") > 0
    assert without.rows("SELECT * FROM sqlite_stat1") == before


def test_what_the_schema_has_no_place_for_is_named(make_stash):
    left_out = fill(make_stash(48).path, scene_count=10, seed=1).left_out
    assert {"tags.favorite", "groups_relations", "galleries_images.cover"} <= set(left_out)
    assert not {"scenes_view_dates", "performer_urls", "saved_filters.find_filter"} & set(left_out)


def test_a_file_in_rollback_mode_stays_in_it(make_stash):
    stash = make_stash(48)
    stash.change("PRAGMA journal_mode=delete")
    fill(stash.path, scene_count=10, seed=1)
    assert stash.path.read_bytes()[18:20] == b"\x01\x01"


def test_mode_and_symbolic_link_stay(make_stash, tmp_path):
    stash = make_stash(75)
    stash.path.chmod(0o640)
    link = tmp_path / "link.sqlite"
    link.symlink_to(stash.path)
    fill(link, scene_count=10, seed=1)
    assert link.is_symlink()
    assert stash.path.stat().st_mode & 0o7777 == 0o640
    assert stash.one("SELECT count(*) FROM scenes") == 10


def test_progress_grows_to_its_end(make_stash):
    steps = []
    fill(make_stash(48).path, scene_count=300, seed=1, progress=lambda *step: steps.append(step))
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]


def test_a_killed_run_leaves_the_file_as_it_was_and_the_next_one_cleans_up(make_stash):
    stash = make_stash(75)
    before = stash.digest()
    code = (
        "import os, signal, sys; from pathlib import Path; from stashbench.embedded.library import fill\n"
        "def end(done, total):\n"
        "    if done * 2 > total: os.kill(os.getpid(), signal.SIGKILL)\n"
        "fill(Path(sys.argv[1]), scene_count=300, seed=1, progress=end)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(stash.path)], check=False, env=os.environ)
    assert done.returncode == -9
    assert stash.digest() == before
    assert stash.beside() == ["stash-go.sqlite.stashbench-draft"]
    fill(stash.path, scene_count=20, seed=1)
    assert stash.beside() == []
    assert stash.one("SELECT count(*) FROM scenes") == 20
