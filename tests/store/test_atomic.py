from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stashbench.errors import StoreError
from stashbench.store import atomic
from stashbench.store.atomic import write_atomically

FULL_DEVICE = Path("/dev/full")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(st.binary())
def test_what_was_written_is_read(tmp_path, content):
    path = tmp_path / "deep" / "down" / "file.json"
    write_atomically(path, content)
    assert path.read_bytes() == content
    assert [item.name for item in path.parent.iterdir()] == ["file.json"]


def test_permissions_are_the_users_usual_ones_or_those_of_the_old_file(tmp_path):
    path = tmp_path / "file"
    old_mask = os.umask(0o027)
    try:
        write_atomically(path, b"1")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
    finally:
        os.umask(old_mask)
    path.chmod(0o600)
    write_atomically(path, b"2")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_reader_never_sees_half_a_file(tmp_path):
    path = tmp_path / "file"
    sizes = [1, 500_000]
    write_atomically(path, b"x")
    stop = threading.Event()

    def write():
        while not stop.is_set():
            for size in sizes:
                write_atomically(path, b"x" * size)

    writer = threading.Thread(target=write)
    writer.start()
    seen = {len(path.read_bytes()) for _ in range(300)}
    stop.set()
    writer.join()
    assert seen <= set(sizes)


def test_killed_in_the_middle_the_old_file_stays(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    code = (
        "import os, signal, sys; from pathlib import Path; from stashbench.store import atomic\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "atomic.write_atomically(Path(sys.argv[1]), b'new' * 1000)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old"


@pytest.fixture
def full_disk(monkeypatch):
    """Make every write answer as a full disk does."""

    def refuse(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic.os, "fsync", refuse)


def test_a_full_disk_is_one_clear_sentence_and_leaves_nothing(tmp_path, full_disk):
    path = tmp_path / "result.json"
    path.write_bytes(b"old")
    with pytest.raises(StoreError) as caught:
        write_atomically(path, b"new")
    assert str(caught.value) == (
        f"Cannot write result.json in {tmp_path}: the disk is full; free some space or choose another directory."
    )
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["result.json"]


@pytest.mark.skipif(not FULL_DEVICE.exists(), reason="needs Linux's /dev/full")
def test_the_words_fit_a_really_full_device():
    with FULL_DEVICE.open("wb", buffering=0) as device, pytest.raises(OSError, match="No space left") as caught:
        device.write(b"x")
    assert "the disk is full" in str(atomic.store_error(Path("/srv/reports/x"), caught.value))


def test_a_file_in_the_way_of_the_directory(tmp_path):
    (tmp_path / "reports").write_text("")
    with pytest.raises(StoreError, match="choose another directory"):
        write_atomically(tmp_path / "reports" / "result.json", b"")
    with pytest.raises(StoreError, match="choose another directory"):
        write_atomically(tmp_path / "reports" / "run" / "result.json", b"")


def test_a_directory_of_the_same_name_is_refused(tmp_path):
    (tmp_path / "result.json").mkdir()
    with pytest.raises(StoreError, match=r"Cannot write result.json"):
        write_atomically(tmp_path / "result.json", b"")
    assert [item.name for item in tmp_path.iterdir()] == ["result.json"]
