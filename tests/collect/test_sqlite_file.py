"""Opening somebody else's database: what is left behind, and what is said when it cannot be done."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from stashbench.collect import sqlite_file
from stashbench.collect.filesystem import FilesystemFacts
from stashbench.collect.sqlite_file import open_read_only
from stashbench.errors import DatabaseFileError


def names_and_contents(directory):
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def count_scenes(path):
    with open_read_only(path) as opened:
        return opened.connection.execute("SELECT count(*) FROM scenes").fetchone()[0]


def refusal(path):
    with pytest.raises(DatabaseFileError) as caught:
        count_scenes(path)
    message = str(caught.value)
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("journal_mode", ["wal", "delete"])
def test_a_closed_database_is_left_without_a_trace(make_library, tmp_path, journal_mode):
    path = make_library(journal_mode=journal_mode)
    before = names_and_contents(tmp_path)
    assert count_scenes(path) == 20
    assert names_and_contents(tmp_path) == before
    assert set(before) == {path.name}


def test_plain_read_only_mode_would_leave_files_behind(make_library, tmp_path):
    """The reason for the immutable mode; should SQLite change this, the code above can go."""
    path = make_library()
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute("SELECT count(*) FROM scenes").fetchone()
    assert {item.name for item in tmp_path.iterdir()} > {path.name}


def test_an_empty_log_of_an_unclean_stop_is_left_as_it_is(make_library, tmp_path):
    path = make_library()
    path.with_name(path.name + "-wal").touch()
    before = names_and_contents(tmp_path)
    assert count_scenes(path) == 20
    assert names_and_contents(tmp_path) == before


def test_a_live_server_is_seen_as_of_now_and_not_disturbed(make_library, tmp_path):
    path = make_library()
    with contextlib.closing(sqlite3.connect(path)) as server:
        server.execute("DELETE FROM scenes WHERE id > 15")
        server.commit()  # in the log only, not in the file
        assert count_scenes(path) == 15
        with open_read_only(path) as opened:
            assert opened.was_in_use is None
            opened.connection.execute("BEGIN")
            opened.connection.execute("SELECT 1 FROM scenes").fetchone()
            server.execute("DELETE FROM scenes WHERE id > 10")
            server.commit()
        assert count_scenes(path) == 10
    assert {item.name for item in tmp_path.iterdir()} == {path.name}


def test_the_connection_cannot_write(make_library):
    path = make_library()
    with (
        pytest.raises(DatabaseFileError),
        open_read_only(path) as opened,
    ):
        opened.connection.execute("DELETE FROM scenes")
    assert count_scenes(path) == 20


def test_the_log_of_a_crash_is_read(make_library, tmp_path):
    path = make_library()
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as server:
        server.execute("DELETE FROM scenes WHERE id > 5")
        server.commit()
        for suffix in ("", "-wal"):
            shutil.copy(f"{path}{suffix}", crashed)
    assert count_scenes(crashed / path.name) == 5


def test_the_log_of_a_crash_is_not_touched_by_another_user(make_library, tmp_path, monkeypatch):
    path = make_library()
    path.with_name(path.name + "-wal").write_bytes(b"x" * 100)
    before = names_and_contents(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    assert "start and stop Stash once" in refusal(path)
    assert names_and_contents(tmp_path) == before


def test_a_server_that_starts_meanwhile_is_noticed(make_library):
    path = make_library()
    with contextlib.closing(sqlite3.connect(path)) as server:

        def read_while_the_server_starts():
            with open_read_only(path):
                server.execute("DELETE FROM scenes")
                server.commit()

        with pytest.raises(DatabaseFileError, match="changed while it was being read"):
            read_while_the_server_starts()


def test_a_missing_file(tmp_path):
    assert "There is no database at" in refusal(tmp_path / "none.sqlite")


def test_a_directory(tmp_path):
    assert "is a directory" in refusal(tmp_path)


def test_an_empty_file(tmp_path):
    path = tmp_path / "empty.sqlite"
    path.touch()
    assert "is empty" in refusal(path)


@pytest.mark.parametrize("content", [b"<html>", b"x" * 5000, b"SQLite format 3\x00"])
def test_no_database(tmp_path, content):
    path = tmp_path / "other.sqlite"
    path.write_bytes(content)
    assert "is not an SQLite database" in refusal(path)


def test_a_damaged_file(make_library):
    path = make_library(200)
    content = bytearray(path.read_bytes())
    content[100:] = os.urandom(len(content) - 100)
    path.write_bytes(content)
    assert "is damaged" in refusal(path)


def test_a_cut_off_file(make_library):
    path = make_library(2000)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    assert "is damaged" in refusal(path)


def test_a_writer_that_lets_nobody_in(make_library, monkeypatch):
    monkeypatch.setattr(sqlite_file, "_BUSY_SECONDS", 0.1)
    path = make_library(journal_mode="delete")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert "is locked by another program" in refusal(path)
    assert count_scenes(path) == 20


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_a_file_of_another_user(make_library):
    path = make_library()
    path.chmod(0o600)
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom stashbench.collect.sqlite_file import open_read_only\n"
        "from stashbench.errors import DatabaseFileError\n"
        "os.chdir(Path(sys.argv[1]).parent); os.setgroups([]); os.setresuid(65534, 65534, 65534)\n"
        "try:\n    with open_read_only(Path(Path(sys.argv[1]).name)): pass\n"
        "except DatabaseFileError as error: print(error)\n"
    )
    # the directories above belong to root, so the file is named from within
    output = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout
    assert "cannot be read (Permission denied)" in output


def test_a_path_with_characters_that_mean_something_in_an_address(make_library, tmp_path):
    path = make_library(name="what? 100%#1 & more.sqlite")
    assert count_scenes(path) == 20


@pytest.fixture
def distant(monkeypatch):
    """Make files look as if another machine shared them with us, whose processes we do not see."""
    facts = FilesystemFacts(kind="nfs4", is_network=True)
    monkeypatch.setattr(sqlite_file, "examine_filesystem", lambda _path: facts)


def test_a_file_with_changes_under_way_on_another_machine_is_refused_untouched(make_library, tmp_path, distant):
    path = make_library()
    with contextlib.closing(sqlite3.connect(path)) as server:
        server.execute("DELETE FROM scenes WHERE id > 15")
        server.commit()
        before = names_and_contents(tmp_path)
        message = refusal(path)
        assert "in use on another machine" in message
        assert "run stashbench there" in message
        assert names_and_contents(tmp_path) == before


def test_a_file_of_an_idle_server_on_another_machine_is_read_without_touching_its_shared_memory(
    make_library, tmp_path, distant
):
    path = make_library()
    with contextlib.closing(sqlite3.connect(path)) as server:
        server.execute("SELECT count(*) FROM scenes").fetchone()
        assert path.with_name(path.name + "-shm").exists()
        before = names_and_contents(tmp_path)
        with open_read_only(path) as opened:
            assert opened.connection.execute("SELECT count(*) FROM scenes").fetchone() == (20,)
            assert opened.was_in_use is None  # it may be; from here that cannot be seen
        assert names_and_contents(tmp_path) == before
        reading = open_read_only(path)
        reading.__enter__()
        server.execute("DELETE FROM scenes WHERE id > 15")
        server.commit()
        with pytest.raises(DatabaseFileError, match="was changed while"):
            reading.__exit__(None, None, None)


def test_a_file_on_a_share_is_read_the_ordinary_way_where_its_server_runs_here(make_library, distant):
    path = make_library()
    code = (
        "import sqlite3, sys; server = sqlite3.connect(sys.argv[1]); "
        "server.execute('DELETE FROM scenes WHERE id > 15'); server.commit(); print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        server.stdout.readline()
        assert count_scenes(path) == 15
        server.stdin.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have no /proc")
def test_a_path_through_another_root_is_refused(make_library):
    # Our own root is the same one, so that is fine; a container's is not, see tests/target/test_containers.py.
    assert count_scenes(Path(f"/proc/self/root{make_library()}")) == 20
