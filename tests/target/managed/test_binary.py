from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from stashbench.errors import LibraryError, RefusedError, TargetUnreachableError, UsageError
from stashbench.stash.client import StashClient
from stashbench.stash.probe import examine_server
from stashbench.target import private_copy
from stashbench.target.managed import process as processes
from stashbench.target.managed import running_binary


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_serves_a_private_library_and_leaves_nothing(options, temporary):
    with running_binary(options()) as server:
        assert server.is_running
        with StashClient(server.url) as client:
            facts = examine_server(client)
        assert facts.library.scene_count == server.numbers["scene_count"] == 150
        assert facts.database_path == str(server.database)
        assert server.home.is_relative_to(temporary)
        assert stat.S_IMODE(server.home.stat().st_mode) == 0o700
        for path in (server.database, server.home / "config.yml"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert list(server.media.iterdir()) == []
        assert server.complaints() == ()
        pid = server.pid
    assert not server.is_running
    assert not is_running(pid)
    assert list(temporary.iterdir()) == []


def test_the_second_start_takes_the_library_from_the_cache(options, cache, temporary):
    told = []
    with running_binary(options(seed=9), progress=lambda *done: told.append(done)) as server:
        first = server.numbers
        (library,) = cache.glob("library-v*-seed9-*.sqlite")
        before = library.stat().st_mtime_ns, library.read_bytes()
    assert told[-1][0] == told[-1][1] > 0
    told.clear()
    with running_binary(options(seed=9), progress=lambda *done: told.append(done)) as server:
        assert server.numbers == first
    assert told == []
    assert (library.stat().st_mtime_ns, library.read_bytes()) == before
    assert stat.S_IMODE(library.stat().st_mode) == 0o444


def test_numbers_that_were_lost_are_asked_for_in_a_sentence(options, cache, temporary):
    with running_binary(options(seed=11)):
        pass
    (numbers,) = cache.glob("library-v*-seed11-*.json")
    numbers.write_text("{")
    with (
        pytest.raises(LibraryError, match=r"remove .*seed11.*\.sqlite to make it again"),
        running_binary(options(seed=11)),
    ):
        pass


def test_settings_of_the_users_do_not_reach_the_server(options, temporary, monkeypatch):
    monkeypatch.setenv("STASH_API_KEY", "canary")
    monkeypatch.setenv("STASH_PORT", "1")
    monkeypatch.setenv("STASH_GENERATED", "/canary")
    monkeypatch.setenv("STASHBENCH_LIBRARY", "canary")
    monkeypatch.setenv("https_proxy", "http://canary")
    with running_binary(options(cache_size=-4000)) as server:
        raw = Path(f"/proc/{server.pid}/environ").read_bytes().decode()
    variables = dict(entry.partition("=")[::2] for entry in raw.split("\0") if entry)
    assert "canary" not in raw
    assert [name for name in variables if name.startswith("STASH_")] == ["STASH_SQLITE_CACHE_SIZE"]
    assert variables["STASH_SQLITE_CACHE_SIZE"] == "-4000"
    assert variables["HOME"] == str(server.home)
    assert variables["https_proxy"] == variables["HTTPS_PROXY"] == "http://127.0.0.1:0"


def test_a_port_that_was_taken_meanwhile_is_changed_for_another(options, temporary, monkeypatch):
    monkeypatch.setenv("STAND_IN", "taken")
    with running_binary(options()) as server:
        assert (temporary / "was-taken").exists()
        assert server.complaints() == ()


def test_another_server_at_the_port_is_not_mistaken_for_ours(options, temporary, monkeypatch):
    monkeypatch.setenv("STAND_IN", "stranger")
    monkeypatch.setattr(processes, "_PORT_ATTEMPTS", 2)
    with pytest.raises(TargetUnreachableError, match="found its port taken 2 times"), running_binary(options()):
        pass
    assert list(temporary.iterdir()) == []


def test_why_a_program_ended_is_its_own_last_word(options, temporary, monkeypatch):
    monkeypatch.setenv("STAND_IN", "end")
    with (
        pytest.raises(TargetUnreachableError, match=r"status 3 .*; it said: the database is of a newer schema$"),
        running_binary(options()),
    ):
        pass
    assert list(temporary.iterdir()) == []


def test_a_release_too_old_for_the_generator_is_refused_by_name(options, temporary, tmp_path, monkeypatch):
    monkeypatch.setenv("STAND_IN", "old")
    with (
        pytest.raises(RefusedError, match=r"stand-in makes a database of schema 45, .* 48") as caught,
        running_binary(options(cache_directory=tmp_path / "cache")),
    ):
        pass
    assert "partial" not in str(caught.value)
    assert list(temporary.iterdir()) == []


SCRIPTS = {
    "at-once": ("#!/bin/sh\nexit 0\n", TargetUnreachableError, "status 0 .* said nothing; is it a Stash program"),
    "speaks": ("#!/bin/sh\necho oh no >&2\nexit 4\n", TargetUnreachableError, "status 4 .* said: oh no"),
    "silent": ("#!/bin/sh\nexec sleep 600\n", TargetUnreachableError, r"not ready after \d s"),
    "no-program": ("garbage", UsageError, "could not be started .*Exec format error"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_no_stash_is_told_in_one_sentence(options, tmp_path, temporary, name):
    content, error, words = SCRIPTS[name]
    path = tmp_path / name
    path.write_text(content)
    path.chmod(0o755)
    with pytest.raises(error, match=words) as caught, running_binary(options(binary=path, start_timeout_seconds=0.5)):
        pass
    assert "\n" not in str(caught.value)
    assert list(temporary.iterdir()) == []


def test_a_file_that_is_not_there_or_not_executable_is_refused(options, tmp_path):
    plain = tmp_path / "plain"
    plain.touch()
    for path, words in ((tmp_path / "none", "There is no file"), (plain, "no program"), (tmp_path, "no program")):
        with pytest.raises(UsageError, match=words), running_binary(options(binary=path)):
            pass


def test_children_of_any_session_end_with_the_server(options, temporary, monkeypatch):
    monkeypatch.setenv("STAND_IN", "family")
    with running_binary(options()):
        children = [int(line) for line in (temporary / "children").read_text().split()]
        assert all(is_running(pid) for pid in children[-2:])
    assert not any(is_running(pid) for pid in children)


def test_a_server_that_will_not_end_is_made_to(options, temporary, monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    monkeypatch.setenv("STAND_IN", "deaf")
    with running_binary(options()) as server:
        begin = time.monotonic()
    assert 0.2 < time.monotonic() - begin < 5
    assert not is_running(server.pid)


def test_what_nobody_watches_any_more_is_ended_by_the_next_start(options, temporary, monkeypatch):
    """As after a kill -9 of both, harness and guard, on a system that does not end children with their parents."""
    import subprocess
    import sys

    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = temporary / f"stashbench-private-{dead.pid}-x"
    left.mkdir()
    command = [sys.executable, "-c", "import signal; signal.pause()"]
    ours = subprocess.Popen(command, env={**os.environ, private_copy.MARKER: str(left)})
    strangers = subprocess.Popen(command, env={**os.environ, private_copy.MARKER: str(left) + "y"})
    try:
        deadline = time.monotonic() + 10
        while not all(Path(f"/proc/{child.pid}/environ").read_bytes() for child in (ours, strangers)):
            assert time.monotonic() < deadline
        assert private_copy.sweep_dead_directories() == [left]
        assert ours.wait(10) == -9
        assert strangers.poll() is None
        assert not left.exists()
    finally:
        for child in (ours, strangers):
            child.kill()
            child.wait()


def test_a_process_that_got_a_dead_ones_number_does_not_keep_its_directory(temporary):
    left = temporary / f"stashbench-private-{os.getpid()}-x"
    left.mkdir()
    (left / ".owner").write_text("12345.0")
    living = temporary / f"stashbench-private-{os.getpid()}-y"
    living.mkdir()
    assert private_copy.sweep_dead_directories() == [left]
    with private_copy.private_directory() as own:
        assert private_copy.sweep_dead_directories() == []
        assert own.exists()
    assert living.exists()
