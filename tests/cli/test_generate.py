"""`stashbench generate`: three things it makes, what does not go together, and the exit status of each refusal."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from stashbench.embedded.schema import INDEXES, TABLES

COMMAND = [sys.executable, "-m", "stashbench", "generate"]


def run(*arguments, **options):
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False, **options
    )


@pytest.fixture
def empty(tmp_path) -> Path:
    """An empty database as a Stash of schema 75 makes it."""
    path = tmp_path / "stash-go.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=wal")
        for statement in (*TABLES.values(), *INDEXES.values()):
            connection.execute(statement)
        connection.execute("INSERT INTO schema_migrations VALUES (75, 0)")
        connection.commit()
    return path


def count(path, table):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_an_empty_database_is_filled(empty, tmp_path):
    done = run("--into", empty, "--scenes", 50, "--summary", tmp_path / "summary.json")
    assert (done.returncode, done.stderr.strip()) == (0, "")
    assert "schema 75, 50 scenes, 70 images" in done.stdout
    assert count(empty, "scenes") == 50
    numbers = json.loads((tmp_path / "summary.json").read_text())
    assert numbers["numbers"]["scene_count"] == 50
    assert numbers["left_out"] == []
    again = run("--into", empty, "--scenes", 50)
    assert again.returncode == 2
    assert again.stderr.strip().startswith(f"stashbench: {empty} is not empty")


def test_statistics_may_be_left_out(empty, tmp_path):
    assert run("--into", empty, "--scenes", 50, "--no-statistics").returncode == 0
    assert run("--out", tmp_path / "new.sqlite", "--scenes", 50, "--no-statistics").returncode == 0
    for path in (empty, tmp_path / "new.sqlite"):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'").fetchall() == []


def test_what_has_no_place_is_said(empty):
    with closing(sqlite3.connect(empty)) as connection:
        connection.execute("ALTER TABLE tags DROP COLUMN favorite")
    done = run("--into", empty, "--scenes", 20)
    assert done.returncode == 0
    assert "no place for it: tags.favorite" in done.stderr


def test_media_are_made(tmp_path):
    environment = os.environ | {"PATH": str(tmp_path)}  # no FFmpeg there
    done = run("--media", tmp_path / "media", "--files", 12, "--summary", tmp_path / "summary.json", env=environment)
    assert done.returncode == 0, done.stderr
    assert "12 files" in done.stdout
    assert "There is no usable FFmpeg" in done.stderr
    assert json.loads((tmp_path / "summary.json").read_text())["file_count"] == 12
    assert run("--media", tmp_path, env=environment).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--into", "a", "--out", "b"), "Give one of --out, --into and --media"),
        (("--into", "a", "--media", "b"), "Give one of"),
        (("--files", "3"), "--files is for --media"),
        (("--media", "a", "--scenes", "3"), "--media makes files, not a database"),
        (("--media", "a", "--no-statistics"), "--media makes files, not a database"),
        (("--no-statistics",), "--no-statistics needs --out or --into"),
        (("--out", "a", "--summary", "b"), "--summary goes with --into or --media"),
        (("--media", "a", "--summary", "a/b/c.json"), "must not lie among the media"),
    ],
)
def test_what_does_not_go_together_is_refused_before_anything_is_made(tmp_path, arguments, words):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["stash-go.sqlite", "sub/../stash-go.sqlite", "symbolic", "hard"])
def test_the_summary_never_replaces_the_database(empty, tmp_path, name):
    (tmp_path / "sub").mkdir()
    (tmp_path / "symbolic").symlink_to(empty)
    (tmp_path / "hard").hardlink_to(empty)
    before = empty.read_bytes()
    done = run("--into", empty, "--scenes", 20, "--summary", tmp_path / name)
    assert (done.returncode, "would replace the database" in done.stderr) == (2, True)
    assert empty.read_bytes() == before


def test_programs_it_starts_get_no_key(tmp_path):
    program, noted = tmp_path / "ffmpeg", tmp_path / "environment"
    program.write_text(f'#!/bin/sh\n/usr/bin/env > "{noted}"\nexit 1\n')
    program.chmod(0o755)
    hidden = {"STASH_API_KEY": "hidden-key", "STASH_PASSWORD_B": "hidden-password"}
    done = run("--media", tmp_path / "media", "--files", 10, env={**os.environ, **hidden, "PATH": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "PATH=" in noted.read_text()
    assert "hidden" not in noted.read_text()


def test_a_file_that_is_not_there_is_status_4(tmp_path):
    done = run("--into", tmp_path / "nothing.sqlite")
    assert done.returncode == 4
    assert "There is no database" in done.stderr


@pytest.mark.parametrize(("ending", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_the_database_as_it_was(empty, ending, status):
    before = empty.read_bytes()
    with subprocess.Popen([*COMMAND, "--into", empty, "--scenes", "300000"], stderr=subprocess.DEVNULL) as process:
        draft = empty.with_name(f"{empty.name}.stashbench-draft")
        deadline = time.monotonic() + 30
        while not (draft.exists() and draft.stat().st_size > len(before)):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(ending)
        assert process.wait(30) == status
    assert empty.read_bytes() == before
    assert [path.name for path in empty.parent.iterdir()] == [empty.name]
