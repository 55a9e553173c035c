"""A generated library: equal for equal arguments, whole, and of the shape of a real one."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.embedded.library import Shape, estimate_bytes, generate
from stashbench.embedded.library.titles import HOSTILE_BASENAME, HOSTILE_PERFORMER, HOSTILE_TAG, HOSTILE_TITLE
from stashbench.errors import LibraryError

SCENES = 3000


class Library:
    def __init__(self, path):
        self.path = path
        self.connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)

    def rows(self, sql, args=()):
        return list(self.connection.execute(sql, args))

    def one(self, sql, args=()):
        return self.rows(sql, args)[0][0]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("library") / "library.sqlite"
    generate(path, scene_count=SCENES, seed=11)
    opened = Library(path)
    yield opened
    opened.connection.close()


def test_equal_arguments_give_equal_bytes_in_another_process_too(tmp_path):
    here, there, other = tmp_path / "here", tmp_path / "there", tmp_path / "other"
    generate(here, scene_count=300, seed=5)
    code = "import sys; from pathlib import Path; from stashbench.embedded.library import generate; "
    code += "generate(Path(sys.argv[1]), scene_count=300, seed=5)"
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code, str(there)], check=True, env=environment)
    generate(other, scene_count=300, seed=6)
    assert digest(here) == digest(there)
    assert digest(here) != digest(other)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 60), seed=st.integers(-(2**70), 2**70))
def test_any_small_library_is_whole(tmp_path_factory, count, seed):
    folder = tmp_path_factory.mktemp("small")
    path = folder / "library.sqlite"
    generate(path, scene_count=count, seed=seed)
    library = Library(path)
    try:
        assert_whole(library, count)
    finally:
        library.connection.close()
    assert [file.name for file in folder.iterdir() if file.suffix not in {".sqlite-wal", ".sqlite-shm"}] == [path.name]


def assert_whole(library, count):
    assert library.rows("PRAGMA integrity_check") == [("ok",)]
    assert library.rows("PRAGMA foreign_key_check") == []
    shape = Shape(count)
    for table in ("scenes", "images", "performers", "tags", "studios", "galleries", "groups"):
        assert library.one(f'SELECT count(*) FROM "{table}"') == getattr(shape, table)
    for owner in ("scene", "image"):
        primaries = f'SELECT count(*) FROM {owner}s_files WHERE {owner}_id = {owner}s.id AND "primary" = 1'
        assert library.one(f"SELECT count(*) FROM {owner}s WHERE ({primaries}) != 1") == 0
    files = 'SELECT count(*) FROM galleries_files WHERE gallery_id = galleries.id AND "primary"'
    assert library.one(f"SELECT count(*) FROM galleries WHERE (folder_id IS NOT NULL) = ({files})") == 0
    assert library.rows("SELECT title FROM scenes WHERE id = 1") == ([(HOSTILE_TITLE,)] if count else [])


@pytest.mark.parametrize("count", [0, 1])
def test_the_smallest_libraries_are_whole(tmp_path, count):
    path = tmp_path / "library.sqlite"
    generate(path, scene_count=count, seed=1)
    library = Library(path)
    assert_whole(library, count)
    library.connection.close()


def test_the_file_is_as_stash_leaves_one_after_optimising(library):
    assert_whole(library, SCENES)
    header = library.path.read_bytes()[:100]
    assert header[18:20] == b"\x02\x02", "WAL mode is in the header"
    assert not library.path.with_name(library.path.name + ".draft").exists()
    assert library.one("PRAGMA page_size") == 4096
    assert library.one("PRAGMA freelist_count") == 0
    assert library.one("PRAGMA auto_vacuum") == 0
    exact = library.one("SELECT stat FROM sqlite_stat1 WHERE idx = 'index_scenes_tags_on_tag_id'").split()[0]
    assert int(exact) == library.one("SELECT count(*) FROM scenes_tags")
    assert library.one("SELECT count(*) FROM sqlite_stat4") > 0


def test_tables_lie_in_one_piece(library):
    pages = library.rows("SELECT pageno FROM dbstat WHERE name = 'scenes_tags' AND pagetype = 'leaf' ORDER BY path")
    steps = [after - before for (before,), (after,) in pairwise(pages)]
    assert sum(step <= 2 for step in steps) >= 0.9 * len(steps)


def test_few_tags_performers_and_studios_are_everywhere_and_most_are_rare(library):
    for table, column, head_share in (("scenes_tags", "tag_id", 0.3), ("performers_scenes", "performer_id", 0.15)):
        counts = [n for (n,) in library.rows(f"SELECT count(*) AS n FROM {table} GROUP BY {column} ORDER BY n DESC")]
        head = sum(counts[: len(counts) // 10])
        assert head > head_share * sum(counts), f"{table}: the most popular tenth has {head} of {sum(counts)}"
        assert counts[0] > 5 * counts[len(counts) // 2]
    studios = [
        n
        for (n,) in library.rows("SELECT count(*) AS n FROM scenes WHERE studio_id GROUP BY studio_id ORDER BY n DESC")
    ]
    assert studios[0] > 5 * studios[len(studios) // 2]


def test_the_tag_tree_is_four_levels_deep(library):
    levels = library.rows("""
        WITH RECURSIVE tree(id, level) AS (
          SELECT id, 1 FROM tags WHERE id IN (SELECT parent_id FROM tags_relations)
            AND id NOT IN (SELECT child_id FROM tags_relations)
          UNION SELECT child_id, level + 1 FROM tree JOIN tags_relations ON parent_id = id)
        SELECT level, count(*) FROM tree GROUP BY level""")
    assert [level for level, _ in levels] == [1, 2, 3, 4]
    linked = "SELECT child_id FROM tags_relations UNION SELECT parent_id FROM tags_relations"
    assert library.one(f"SELECT count(*) FROM tags WHERE id NOT IN ({linked})") > 0


def test_studios_have_parents_and_no_circles(library):
    assert library.one("SELECT count(*) FROM studios WHERE parent_id IS NOT NULL") > 10
    assert library.one("SELECT count(*) FROM studios WHERE parent_id >= id") == 0


def test_scenes_have_one_to_three_files(library):
    counts = dict(
        library.rows("SELECT n, count(*) FROM (SELECT count(*) AS n FROM scenes_files GROUP BY scene_id) GROUP BY n")
    )
    assert set(counts) == {1, 2, 3}
    assert counts[1] > 10 * counts[2] > 10 * counts[3]


def test_some_scenes_are_exact_and_some_are_near_duplicates(library):
    hashes = library.rows("""
        SELECT scene_id, fingerprint FROM files_fingerprints JOIN scenes_files USING (file_id)
        WHERE type = 'phash' AND "primary" = 1""")
    assert all(isinstance(value, int) and -(2**63) <= value < 2**63 for _, value in hashes)
    distances = [(a ^ b).bit_count() for i, (_, a) in enumerate(hashes) for _, b in hashes[:i] if (a ^ b) >= 0]
    assert distances.count(0) >= 5
    assert sum(1 <= distance <= 4 for distance in distances) >= 5
    assert sum(4 < distance < 12 for distance in distances) <= 20, "others are far apart"


def test_some_files_of_a_scene_are_the_same_bytes(library):
    assert (
        library.one("""
        SELECT count(*) FROM (SELECT fingerprint FROM files_fingerprints WHERE type = 'oshash'
        GROUP BY fingerprint HAVING count(*) > 1)""")
        >= 5
    )
    assert (
        library.one("SELECT count(*) FROM files_fingerprints WHERE type = 'oshash' AND length(fingerprint) != 16") == 0
    )
    assert library.one("SELECT count(*) FROM files_fingerprints WHERE type = 'md5' AND length(fingerprint) != 32") == 0


def test_dates_have_gaps(library):
    assert 0.05 < library.one("SELECT avg(date IS NULL) FROM scenes") < 0.3
    precise = "SELECT substr(date, 1, 7), count(*) FROM scenes WHERE date_precision IS NULL GROUP BY 1"
    months = dict(library.rows(precise))
    assert [month for month in ("2020-04", "2020-05", "2020-06", "2020-07") if month in months] == []
    assert min(months[month] for month in ("2019-04", "2019-05", "2019-06", "2019-07")) > 1
    assert library.one("SELECT count(*) FROM scenes WHERE date IS NOT NULL AND date != date(date)") == 0


def test_time_stamps_are_in_stash_form_and_in_order(library):
    for table in ("scenes", "images", "galleries", "performers", "tags", "studios", "files", "folders"):
        wrong = "created_at NOT GLOB '????-??-??T??:??:??Z' OR updated_at < created_at"
        assert library.one(f"SELECT count(*) FROM {table} WHERE {wrong}") == 0, table


def test_history_agrees_with_the_scenes(library):
    views = "FROM scenes_view_dates JOIN scenes ON id = scene_id"
    assert library.one(f"SELECT count(*) {views} WHERE play_duration <= 0") == 0
    assert library.one(f"SELECT count(*) {views} WHERE substr(view_date, 1, 10) < substr(created_at, 1, 10)") == 0
    played = "SELECT scene_id FROM scenes_view_dates"
    assert library.one(f"SELECT count(*) FROM scenes WHERE play_duration > 0 AND id NOT IN ({played})") == 0
    assert 0.2 < library.one("SELECT avg(play_duration > 0) FROM scenes") < 0.5
    markers = "FROM scene_markers JOIN scenes_files USING (scene_id) JOIN video_files USING (file_id)"
    assert library.one(f'SELECT count(*) {markers} WHERE "primary" AND max(seconds, end_seconds) > duration') == 0
    assert library.one(f'SELECT count(*) {markers} WHERE "primary" AND seconds > duration') == 0


def test_hostile_names_are_in_every_library(library):
    scene = library.rows("SELECT title FROM scenes WHERE id = 1")
    tags = library.rows("SELECT name FROM tags JOIN scenes_tags ON tag_id = id WHERE scene_id = 1")
    performers = library.rows(
        "SELECT name FROM performers JOIN performers_scenes ON performer_id = id WHERE scene_id = 1"
    )
    files = library.rows("SELECT basename FROM files JOIN scenes_files ON file_id = id WHERE scene_id = 1")
    assert HOSTILE_TITLE == "</script><img src=x onerror=alert(1)>"
    assert (scene[0][0], files[0][0]) == (HOSTILE_TITLE, HOSTILE_BASENAME)
    assert (HOSTILE_TAG,) in tags
    assert (HOSTILE_PERFORMER,) in performers


def test_titles_can_be_searched_for(library):
    assert 0 < library.one("SELECT count(*) FROM scenes WHERE title LIKE '%harbour%'") < SCENES / 20
    assert library.one("SELECT count(DISTINCT title) FROM scenes") > 0.9 * library.one(
        "SELECT count(title) FROM scenes"
    )


def test_pictures_are_pictures_under_their_checksum(library):
    for checksum, blob in library.rows("SELECT checksum, blob FROM blobs"):
        assert hashlib.md5(blob).hexdigest() == checksum
        assert blob.startswith(b"\x89PNG")
        assert len(blob) < 600
    assert library.one("SELECT count(*) FROM scenes WHERE cover_blob NOT IN (SELECT checksum FROM blobs)") == 0


def test_no_table_is_left_empty(library):
    tables = library.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    assert [name for (name,) in tables if not library.one(f'SELECT count(*) FROM "{name}"')] == []


def test_progress_grows_to_the_end(tmp_path):
    seen = []
    generate(
        tmp_path / "library.sqlite", scene_count=500, seed=1, progress=lambda done, total: seen.append((done, total))
    )
    assert all(before[0] <= after[0] for before, after in pairwise(seen))
    assert len({total for _, total in seen}) == 1
    assert seen[-1][0] == seen[-1][1]
    assert len(seen) > 20


def test_the_estimate_is_above_the_size_but_not_far(library):
    size = library.path.stat().st_size
    assert size < estimate_bytes(SCENES) < 2 * size


def test_an_existing_file_is_never_overwritten(tmp_path):
    path = tmp_path / "mine.sqlite"
    path.write_text("precious")
    with pytest.raises(LibraryError, match="exists already"):
        generate(path, scene_count=1, seed=1)
    assert path.read_text() == "precious"


def test_a_size_that_cannot_fit_is_refused_with_both_figures(tmp_path):
    with pytest.raises(LibraryError, match=r"needs about [\d,]+ MiB .* has [\d,]+ MiB free"):
        generate(tmp_path / "library.sqlite", scene_count=10**15, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_a_negative_size_and_a_missing_folder_are_one_sentence(tmp_path):
    with pytest.raises(LibraryError, match="-1 scenes"):
        generate(tmp_path / "library.sqlite", scene_count=-1, seed=1)
    with pytest.raises(LibraryError, match="cannot be used"):
        generate(tmp_path / "missing" / "library.sqlite", scene_count=1, seed=1)


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path):
    code = "import sys; from pathlib import Path; from stashbench.embedded.library import generate\n"
    code += "from stashbench.errors import LibraryError\n"
    code += "try: generate(Path(sys.argv[1]), scene_count=2000, seed=5)\n"
    code += "except LibraryError as error: print(error)"
    limit_bytes = 1_000_000
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "library.sqlite")],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
    )
    assert "could not be written" in done.stdout
    assert done.stdout.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_run_leaves_nothing(tmp_path):
    def interrupt(done, _total):
        if done > 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(Path(tmp_path / "library.sqlite"), scene_count=500, seed=1, progress=interrupt)
    assert list(tmp_path.iterdir()) == []
