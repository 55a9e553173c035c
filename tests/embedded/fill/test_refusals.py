"""What is refused, in one sentence, and leaves the file byte for byte as it was."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from stashbench.embedded.library import fill
from stashbench.errors import LibraryError, RefusedError


def refused(stash, words, error=RefusedError):
    before = stash.digest()
    with pytest.raises(error, match=words) as caught:
        fill(stash.path, scene_count=20, seed=1)
    assert stash.digest() == before
    assert [name for name in stash.beside() if not name.endswith(("-wal", "-shm"))] == []
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("version", [48, 75])
def test_a_library_that_is_there_is_never_touched(make_stash, version):
    stash = make_stash(version)
    stash.change("INSERT INTO tags (name, created_at, updated_at) VALUES ('mine', '2020', '2020')")
    refused(stash, "is not empty: the table tags has rows")


def test_filling_twice_is_refused(make_stash):
    stash = make_stash(48)
    fill(stash.path, scene_count=20, seed=1)
    refused(stash, "is not empty")


def test_rows_in_tables_of_the_release_itself_are_no_library(make_stash):
    stash = make_stash(75)
    stash.change("CREATE TABLE settings (name text, value text)", "INSERT INTO settings VALUES ('a', 'b')")
    fill(stash.path, scene_count=20, seed=1)
    assert stash.rows("SELECT * FROM settings") == [("a", "b")]


def test_an_interrupted_migration(make_stash):
    stash = make_stash(48)
    stash.change("UPDATE schema_migrations SET dirty = 1")
    refused(stash, "middle of a migration to schema 48")


def test_a_database_without_version(make_stash):
    stash = make_stash(48)
    stash.change("DELETE FROM schema_migrations")
    refused(stash, "has no schema version")


def test_an_older_release(make_stash):
    stash = make_stash(48)
    stash.change("UPDATE schema_migrations SET version = 36")
    refused(stash, "has schema 36; the oldest one that can be filled is 48")


def test_another_programs_database(make_stash):
    stash = make_stash(48)
    stash.change("DROP TABLE scenes_files", "DROP TABLE schema_migrations")
    refused(stash, "is not a Stash database")


def test_a_table_that_every_release_had(make_stash):
    stash = make_stash(48)
    stash.change("DROP TABLE files_fingerprints")
    refused(stash, "has no table files_fingerprints", LibraryError)


def test_no_database_at_all(make_stash):
    stash = make_stash(48)
    stash.path.write_bytes(b"nothing of the kind" * 100)
    refused(stash, "is not an SQLite database")
    stash.path.write_bytes(b"")
    refused(stash, "is not an SQLite database")


def test_a_damaged_database(make_stash):
    stash = make_stash(48)
    content = stash.path.read_bytes()
    stash.path.write_bytes(content[:4096] + bytes(len(content) - 4096))
    refused(stash, "stash-go.sqlite", LibraryError)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(LibraryError, match="There is no database"):
        fill(tmp_path / "nothing.sqlite", scene_count=1, seed=1)
    with pytest.raises(LibraryError, match="is a directory"):
        fill(tmp_path, scene_count=1, seed=1)
    assert list(tmp_path.iterdir()) == []


# A holder is another process: what this one opens and closes itself would let go of its own locks.
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2]).fetchall()
print("ready", flush=True)
sys.stdin.read()
connection.close()
"""


@pytest.mark.parametrize("statement", ["SELECT count(*) FROM scenes", "BEGIN EXCLUSIVE"])
@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_running_server(make_stash, statement, mode):
    stash = make_stash(75)
    stash.change(f"PRAGMA journal_mode={mode}")
    statement = "BEGIN IMMEDIATE" if mode == "delete" else statement  # between statements it holds no lock then
    command = [sys.executable, "-c", HOLDER, str(stash.path), statement]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout.readline() == b"ready\n"
            refused(stash, "open in another program, probably a running Stash")
        finally:
            holder.stdin.close()
    fill(stash.path, scene_count=20, seed=1)


def test_who_comes_while_we_work_finds_it_locked(make_stash):
    stash = make_stash(75)
    code = (
        "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT count(*) FROM scenes').fetchone()"
    )
    seen = []

    def look(_done, _total):
        if not seen:
            done = subprocess.run(
                [sys.executable, "-c", code, str(stash.path)], capture_output=True, text=True, check=False
            )
            seen.append(done.stderr.strip().splitlines()[-1])

    fill(stash.path, scene_count=20, seed=1, progress=look)
    assert seen == ["sqlite3.OperationalError: database is locked"]


def test_a_log_that_was_not_written_back(make_stash):
    stash = make_stash(75)
    stash.path.with_name("stash-go.sqlite-wal").write_bytes(b"something")
    refused(stash, "was not closed cleanly")


def test_empty_files_that_a_server_left_beside_it_do_no_harm(make_stash):
    stash = make_stash(75)
    for ending in ("-wal", "-shm"):
        stash.path.with_name(stash.path.name + ending).write_bytes(b"" if ending == "-wal" else b"\x07" * 32768)
    fill(stash.path, scene_count=20, seed=1)
    with closing(sqlite3.connect(stash.path)) as connection:
        assert connection.execute("SELECT count(*) FROM scenes").fetchone() == (20,)
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_a_disk_too_small_is_said_before_and_one_that_fills_up_meanwhile(make_stash):
    stash = make_stash(48)
    before = stash.digest()
    with pytest.raises(LibraryError, match=r"needs about [\d,]+ MiB"):
        fill(stash.path, scene_count=10**15, seed=1)
    code = "import sys; from pathlib import Path; from stashbench.embedded.library import fill\n"
    code += "from stashbench.errors import LibraryError\n"
    code += "try: fill(Path(sys.argv[1]), scene_count=2000, seed=5)\n"
    code += "except LibraryError as error: print(error)"
    limit_bytes = 1_500_000
    done = subprocess.run(
        [sys.executable, "-c", code, str(stash.path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
    )
    assert "could not be filled" in done.stdout
    assert done.stdout.count("\n") == 1
    assert stash.digest() == before
    assert stash.beside() == []


def test_an_interruption_leaves_it_as_it_was(make_stash):
    stash = make_stash(75)
    before = stash.digest()

    def interrupt(done, total):
        if done * 2 > total:
            raise KeyboardInterrupt

    for use_helper in (False, True):
        with pytest.raises(KeyboardInterrupt):
            fill(stash.path, scene_count=300, seed=1, progress=interrupt, use_helper=use_helper)
        assert stash.digest() == before
        assert stash.beside() == []


def test_a_file_that_somebody_replaced_meanwhile_is_left_to_them(make_stash):
    stash = make_stash(75)
    other = stash.path.with_name("other")
    other.write_bytes(b"theirs")

    def replace(done, total):
        if done == total and other.exists():
            other.rename(stash.path)

    with pytest.raises(LibraryError, match="changed by another program meanwhile"):
        fill(stash.path, scene_count=20, seed=1, progress=replace)
    assert stash.path.read_bytes() == b"theirs"
    assert stash.beside() == []
