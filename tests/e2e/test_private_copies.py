"""The embedded server works on a private copy: nobody else can read it, and it is gone whatever ends the program."""

from __future__ import annotations

import os
import signal
import stat
from pathlib import Path

import pytest

from stashbench.target.library import cached_library

SCENES = 200
SEED = 3


def copies(folder):
    return sorted(folder.glob("stashbench-private-*/stash-go.sqlite"))


def private(folder):
    return sorted(folder.glob("stashbench-private-*"))


def serving(start, folder):
    options = ("--scenes", SCENES, "--seed", SEED, "--port", 0)
    return start(folder, "stashbench", "serve", *options, TMPDIR=str(folder))


def is_running(pid):
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def server_pids(folder):
    found = []
    for entry in Path("/proc").iterdir():
        try:
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if b"stashbench.embedded" in line and str(folder).encode() in line:
            found.append(int(entry.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_copy_is_readable_by_nobody_else_and_goes_with_the_program(start, wait_until, tmp_path, number):
    pristine = cached_library(SCENES, SEED)
    before = pristine.stat().st_mtime_ns, pristine.read_bytes()
    with serving(start, tmp_path) as process:
        assert process.stdout.readline().startswith("http://")
        (copy,) = copies(tmp_path)
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
        assert copy.stat().st_ino != pristine.stat().st_ino
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert "Traceback" not in out + err
    assert private(tmp_path) == []
    wait_until(lambda: not server_pids(tmp_path))
    assert (pristine.stat().st_mtime_ns, pristine.read_bytes()) == before
    assert not os.access(pristine, os.W_OK) or os.geteuid() == 0
    assert stat.S_IMODE(pristine.stat().st_mode) == 0o444


def test_what_a_killed_program_left_is_swept_by_the_next_one(start, wait_until, tmp_path):
    with serving(start, tmp_path) as process:
        process.stdout.readline()
        (left,) = private(tmp_path)
        process.kill()
        process.communicate(timeout=30)
    # The server notices that nobody is there any more.
    wait_until(lambda: not server_pids(tmp_path))
    assert left.exists()
    with serving(start, tmp_path) as process:
        process.stdout.readline()
        assert not left.exists()
        assert len(private(tmp_path)) == 1
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert private(tmp_path) == []


def test_a_sweep_follows_no_link_and_touches_no_living_run(tmp_path, monkeypatch):
    import tempfile

    from stashbench.target.private_copy import sweep_dead_directories

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("keep")
    dead = 2**22 - 1
    (tmp_path / f"stashbench-private-{dead}-link").symlink_to(precious)
    living = tmp_path / f"stashbench-private-{os.getpid()}-x"
    living.mkdir()
    gone = tmp_path / f"stashbench-private-{dead}-x"
    gone.mkdir()
    (gone / "link").symlink_to(precious)
    sweep_dead_directories()
    assert not gone.exists()
    assert living.exists()
    assert (precious / "file").read_text() == "keep"


BUSY = """
@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash):
    import pathlib, time
    pathlib.Path("running").touch()
    while True:
        time.sleep(0.05)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_audit_leaves_no_copy_and_no_process(start, wait_until, suite, tmp_path, key, number):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    folder = suite(BUSY)
    options = ("--suite", folder, "--stash-library", SCENES)
    with start(tmp_path, "stashbench", "audit", *options, TMPDIR=str(temporary), STASH_API_KEY=key) as process:
        wait_until(lambda: (tmp_path / "running").exists() or process.poll() is not None)
        (pid,) = server_pids(temporary)
        # The server must know the key; its own name for it is the only one it gets, and no argument holds it.
        assert b"canary" not in Path(f"/proc/{pid}/cmdline").read_bytes()
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert [word.partition(b"=")[0] for word in environment if b"canary" in word] == [b"STASHBENCH_SERVER_API_KEY"]
        (copy,) = copies(temporary)
        assert [path for path in copy.parent.rglob("*") if path.is_file() and key.encode() in path.read_bytes()] == []
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 128 + number, out + err
    assert list(temporary.iterdir()) == []
    wait_until(lambda: not is_running(pid))
