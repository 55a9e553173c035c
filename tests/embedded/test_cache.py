"""The library cache: found again, never half, safe for several processes at once."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from stashbench.embedded.cache import cached_library, default_cache_directory, library_name, sweep
from stashbench.embedded.library import GENERATOR_VERSION
from stashbench.errors import LibraryError

MAKE = "import sys; from pathlib import Path; from stashbench.embedded.cache import cached_library; "
MAKE += "print(cached_library(int(sys.argv[2]), 3, cache_directory=Path(sys.argv[1])))"


def start(directory, count):
    return subprocess.Popen([sys.executable, "-c", MAKE, str(directory), str(count)], stdout=subprocess.PIPE, text=True)


def libraries(directory):
    return sorted(path.name for path in directory.iterdir() if not path.name.endswith(".lock"))


def wait_for(condition, *, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what the test waits for did not happen"
        time.sleep(0.002)


def test_the_second_call_finds_the_first_ones_file(tmp_path):
    calls = []
    first = cached_library(40, 1, cache_directory=tmp_path, progress=lambda *state: calls.append(state))
    stamp, made = first.stat().st_mtime_ns, len(calls)
    second = cached_library(40, 1, cache_directory=tmp_path, progress=lambda *state: calls.append(state))
    assert first == second
    assert second.stat().st_mtime_ns == stamp
    assert made == len(calls) > 0


def test_size_seed_and_generator_version_are_in_the_name(tmp_path):
    names = {cached_library(count, seed, cache_directory=tmp_path).name for count, seed in ((5, 1), (5, 2), (6, 1))}
    assert len(names) == 3
    assert library_name(5, 1) in names
    assert f"v{GENERATOR_VERSION}" in library_name(5, 1)


def test_a_cached_library_is_read_only(tmp_path):
    assert cached_library(5, 1, cache_directory=tmp_path).stat().st_mode & 0o777 == 0o444


def test_a_killed_generator_leaves_no_half_library_and_the_next_call_works(tmp_path):
    count = 12_000
    victim = start(tmp_path, count)
    wait_for(lambda: any(path.stat().st_size > 0 for path in tmp_path.glob("*.partial.draft")))
    victim.kill()
    victim.communicate()
    assert library_name(count, 3) not in libraries(tmp_path)
    assert libraries(tmp_path), "the victim was killed while it was writing"
    path = cached_library(count, 3, cache_directory=tmp_path)
    assert libraries(tmp_path) == [path.name]


def test_debris_of_any_size_is_swept_but_a_living_generator_is_left_alone(tmp_path):
    debris = tmp_path / "library-v2-seed9-scenes9.sqlite.partial"
    debris.write_bytes(b"half")
    worker = start(tmp_path, 12_000)
    wait_for(lambda: list(tmp_path.glob("*scenes12000*.draft")))
    removed = sweep(tmp_path)
    output, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert Path(output.strip()).is_file()
    assert [path.name for path in removed if "12000" in path.name] == []
    assert not debris.exists()


def test_two_generators_at_once_end_with_one_library(tmp_path):
    workers = [start(tmp_path, 1500) for _ in range(3)]
    answers = {worker.communicate(timeout=60)[0].strip() for worker in workers}
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert answers == {str(tmp_path / library_name(1500, 3))}
    assert libraries(tmp_path) == [library_name(1500, 3)]


def test_the_cache_directory_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("STASHBENCH_CACHE", str(tmp_path / "own"))
    assert default_cache_directory() == tmp_path / "own" / "libraries"
    monkeypatch.delenv("STASHBENCH_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert default_cache_directory() == tmp_path / "xdg" / "stashbench" / "libraries"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache_directory() == tmp_path / ".cache" / "stashbench" / "libraries"


def test_a_cache_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError, match=r"library cache .* cannot be used .* STASHBENCH_CACHE"):
        cached_library(1, 1, cache_directory=tmp_path / "file" / "libraries")


def test_a_library_too_large_for_the_disk_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(LibraryError, match="MiB free"):
        cached_library(10**15, 1, cache_directory=tmp_path)
    assert libraries(tmp_path) == []


def test_the_command_writes_a_library_and_says_where(tmp_path):
    out = tmp_path / "library.sqlite"
    command = [sys.executable, "-m", "stashbench", "generate", "--scenes", "50", "--seed", "2", "--out", str(out)]
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (first.returncode, first.stdout.strip()) == (0, str(out))
    second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert second.returncode == 4
    assert "exists already" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch):
    def homeless(_path):
        raise RuntimeError  # as pathlib does for an unknown user without HOME

    monkeypatch.setattr(Path, "expanduser", homeless)
    monkeypatch.setattr(Path, "home", lambda: homeless(None))
    for name in ("STASHBENCH_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(LibraryError, match="point STASHBENCH_CACHE at a folder"):
        default_cache_directory()
    monkeypatch.setenv("STASHBENCH_CACHE", "~nobody-of-that-name/cache")
    with pytest.raises(LibraryError, match="point STASHBENCH_CACHE at a folder"):
        default_cache_directory()
