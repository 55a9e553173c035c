from __future__ import annotations

import os
import shutil
import threading

import pytest

from stashbench.embedded.jobs.clean import CleanRequest, clean_work
from stashbench.embedded.jobs.job import JobStatus
from stashbench.embedded.jobs.optimise import optimise_work
from stashbench.embedded.jobs.scan import ScanRequest, scan_work
from stashbench.embedded.oshash import hash_file
from stashbench.embedded.sample_media import IMAGE_COUNT, VIDEO_COUNT, mp4_bytes, write_sample_media
from stashbench.embedded.server import ServeOptions, server_state

FILE_COUNT = VIDEO_COUNT + IMAGE_COUNT


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "media"
    write_sample_media(folder)
    return folder


@pytest.fixture
def state(library, media):
    with server_state(ServeOptions(database=library, media=media)) as opened:
        yield opened


@pytest.fixture
def run(state, wait_until):
    def finish(description, work):
        job_id = state.jobs.add(description, work)

        def ended():
            job = state.jobs.find(job_id)
            return job if job.is_over else None

        return wait_until(ended)

    return finish


@pytest.fixture
def scan(state, run):
    return lambda **options: run("Scanning...", scan_work(state, ScanRequest(**options)))


@pytest.fixture
def clean(state, run):
    return lambda **options: run("Cleaning...", clean_work(state, CleanRequest(**options)))


def rows(state, sql, *args):
    with state.database.read() as session:
        return session.fetch(sql, args)


def count(state, table):
    return rows(state, f"SELECT COUNT(*) FROM {table}")[0][0]


def messages(state):
    return [line.message for line in state.hub.recent()]


def test_a_scan_writes_what_lies_in_the_folder(state, scan, media):
    before = {table: count(state, table) for table in ("files", "folders", "scenes", "images", "video_files")}
    completed = []
    state.scan_completed.subscribe(completed.append)
    job = scan()
    assert (job.status, job.progress, job.error) == (JobStatus.FINISHED, 1.0, None)
    after = {table: count(state, table) for table in before}
    assert {table: after[table] - before[table] for table in before} == {
        "files": FILE_COUNT,
        "folders": 4,
        "scenes": VIDEO_COUNT,
        "images": IMAGE_COUNT,
        "video_files": VIDEO_COUNT,
    }
    path = media / "evening" / "clip 1.mp4"
    found = rows(
        state,
        "SELECT fp.fingerprint, f.size, v.video_codec, s.organized FROM files f "
        "JOIN folders d ON d.id = f.parent_folder_id JOIN video_files v ON v.file_id = f.id "
        "JOIN files_fingerprints fp ON fp.file_id = f.id AND fp.type = 'oshash' "
        'JOIN scenes_files sf ON sf.file_id = f.id AND sf."primary" = 1 JOIN scenes s ON s.id = sf.scene_id '
        "WHERE d.path = ? AND f.basename = ?",
        str(path.parent),
        path.name,
    )
    assert found == [(hash_file(path), path.stat().st_size, "h264", 0)]
    assert messages(state)[0].startswith("Scan finished (")
    assert completed == [None]


def test_a_second_scan_writes_nothing(state, scan):
    scan()
    before = [count(state, table) for table in ("files", "scenes", "images", "files_fingerprints")]
    scan()
    assert [count(state, table) for table in ("files", "scenes", "images", "files_fingerprints")] == before
    assert not any("Calculating" in message for message in messages(state)[:3])


def test_a_changed_file_is_hashed_again(state, scan, media):
    scan()
    path = media / "morning" / "clip 2.mp4"
    path.write_bytes(mp4_bytes(7, 640, 480, b"other" * 30_000))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    scan()
    found = rows(
        state,
        "SELECT fingerprint, mod_time FROM files_fingerprints JOIN files ON files.id = file_id "
        "WHERE basename = 'clip 2.mp4' AND type = 'oshash'",
    )
    assert found == [(hash_file(path), "2023-11-14T22:13:20Z")]


def test_equal_files_are_one_scene(state, scan, media):
    shutil.copy(media / "evening" / "clip 1.mp4", media / "evening" / "copy of clip 1.mp4")
    before = count(state, "scenes")
    scan()
    assert count(state, "scenes") - before == VIDEO_COUNT
    links = rows(
        state,
        'SELECT scene_id, "primary" FROM scenes_files JOIN files ON files.id = file_id '
        "WHERE basename LIKE '%clip 1.mp4' AND scene_id > 300 ORDER BY 2",
    )
    assert len(links) == 2
    assert [is_primary for _, is_primary in links] == [0, 1]
    assert len({scene_id for scene_id, _ in links}) == 1


def test_a_broken_file_is_logged_and_the_scan_goes_on(state, scan, media):
    (media / "a broken.mp4").write_bytes(b"\x00" * 5000)
    before = count(state, "scenes")
    assert scan().status is JobStatus.FINISHED
    assert count(state, "scenes") - before == VIDEO_COUNT
    assert not rows(state, "SELECT 1 FROM files WHERE basename = 'a broken.mp4'")


def test_only_the_given_paths_are_scanned(state, scan, media):
    before = count(state, "files")
    scan(paths=(str(media / "photos"), "/somewhere/else"))
    assert count(state, "files") - before == IMAGE_COUNT


def test_a_missing_folder_is_logged_and_the_job_ends_well(state, scan, media):
    job = scan(paths=(str(media / "absent"),))
    assert (job.status, job.progress, job.error) == (JobStatus.FINISHED, None, None)
    expected = f"error scanning {media / 'absent'}: lstat {media / 'absent'}: no such file or directory"
    assert expected in messages(state)


def test_stopping_leaves_whole_files(state, media, wait_until):
    reached = threading.Event()
    before = count(state, "files")

    def watch(event):
        if event.job.progress and event.job.progress > 0:
            reached.set()
            state.jobs.stop(event.job.id)

    state.jobs.subscribe(watch)
    job_id = state.jobs.add("Scanning...", scan_work(state, ScanRequest()))
    job = wait_until(lambda: (found := state.jobs.find(job_id)).is_over and found)
    if reached.is_set() and job.status is JobStatus.CANCELLED:
        assert count(state, "files") - before < FILE_COUNT
    files = rows(state, "SELECT COUNT(*) FROM files WHERE id NOT IN (SELECT file_id FROM files_fingerprints)")
    assert files == [(0,)]


def test_a_clean_removes_what_is_gone_and_only_that(state, scan, clean, media):
    scan()
    (media / "evening" / "clip 3.mp4").unlink()
    shutil.rmtree(media / "photos")
    scenes, images = count(state, "scenes"), count(state, "images")
    job = clean(paths=(str(media),), is_dry_run=True)
    assert job.status is JobStatus.FINISHED
    assert (count(state, "scenes"), count(state, "images")) == (scenes, images)
    assert sum("not found. Marking to clean" in message for message in messages(state)) == 1 + IMAGE_COUNT + 1
    clean(paths=(str(media),))
    assert count(state, "scenes") == scenes - 1
    assert count(state, "images") == images - IMAGE_COUNT
    assert rows(state, "SELECT path FROM folders WHERE path = ?", str(media / "photos")) == []
    assert rows(state, "PRAGMA foreign_key_check") == []


def test_a_scene_keeps_its_other_file(state, scan, clean, media):
    shutil.copy(media / "evening" / "clip 1.mp4", media / "evening" / "copy.mp4")
    scan()
    scenes = count(state, "scenes")
    (media / "evening" / "clip 1.mp4").unlink()
    clean(paths=(str(media),))
    assert count(state, "scenes") == scenes
    sql = 'SELECT "primary" FROM scenes_files JOIN files ON files.id = file_id WHERE basename = ?'
    assert rows(state, sql, "copy.mp4") == [(1,)]


def test_a_whole_library_whose_files_are_gone_is_removed(state, clean):
    assert clean().status is JobStatus.FINISHED
    assert [count(state, table) for table in ("scenes", "files", "images", "folders")] == [0, 0, 0, 0]
    assert rows(state, "SELECT COUNT(*) FROM galleries_files") == [(0,)]
    assert rows(state, "PRAGMA foreign_key_check") == []


def test_optimising_analyses_and_vacuums(state, run):
    with state.database.write() as session:
        session.execute("DELETE FROM sqlite_stat1")
        session.execute("CREATE TABLE scratch AS SELECT * FROM files")
        session.execute("DROP TABLE scratch")
    assert rows(state, "PRAGMA freelist_count")[0][0] > 0
    seen = []
    state.jobs.subscribe(lambda event: seen.append(event.job.progress))
    job = run("Optimising database...", optimise_work(state))
    assert (job.status, job.progress) == (JobStatus.FINISHED, 1.0)
    assert rows(state, "PRAGMA freelist_count") == [(0,)]
    assert count(state, "sqlite_stat1") > 50
    assert messages(state)[0].startswith("Finished optimising database after ")
    assert seen[0] == 0.0
