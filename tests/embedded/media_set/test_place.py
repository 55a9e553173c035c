"""A folder is filled only if nothing in it belongs to somebody else, and is left clean whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from stashbench.embedded.media_set import make_media
from stashbench.embedded.media_set.place import MARKER, WORK
from stashbench.errors import LibraryError, RefusedError

pytestmark = pytest.mark.usefixtures("without_ffmpeg")


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_folder_of_ours_is_made_anew(tmp_path):
    make_media(tmp_path, file_count=30, seed=1)
    first = names(tmp_path)
    make_media(tmp_path, file_count=12, seed=2)
    assert len(names(tmp_path)) == 12 + 1
    make_media(tmp_path, file_count=30, seed=1)
    assert names(tmp_path) == first
    assert not (tmp_path / WORK).exists()


@pytest.mark.parametrize("name", ["holiday.mp4", "deep/er/notes.txt", ".hidden"])
def test_somebody_elses_file_is_named_and_left(tmp_path, name):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("precious")
    with pytest.raises(RefusedError, match="which stashbench did not make"):
        make_media(tmp_path, file_count=5, seed=1)
    assert names(tmp_path) == [name]


def test_somebody_elses_file_among_ours_keeps_all_as_it_is(tmp_path):
    make_media(tmp_path, file_count=5, seed=1)
    (tmp_path / "mine.txt").write_text("precious")
    before = names(tmp_path)
    with pytest.raises(RefusedError, match=r"holds 'mine.txt'"):
        make_media(tmp_path, file_count=5, seed=1)
    assert names(tmp_path) == before


def test_a_link_is_somebody_elses(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("precious")
    folder = tmp_path / "set"
    make_media(folder, file_count=5, seed=1)
    (folder / "link").symlink_to(outside)
    with pytest.raises(RefusedError, match="holds 'link'"):
        make_media(folder, file_count=5, seed=1)
    assert (outside / "file").read_text() == "precious"


@pytest.mark.parametrize("text", ["", "[]", '{"files": 5}', "{}", "\xff"])
def test_a_marker_that_is_not_ours_stops_us(tmp_path, text):
    (tmp_path / MARKER).write_text(text, encoding="latin-1")
    with pytest.raises(RefusedError, match="not readable as stashbench wrote it"):
        make_media(tmp_path, file_count=5, seed=1)


def test_a_marker_never_leads_outside(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / MARKER).write_text(json.dumps({"files": ["../precious", str(precious), "a/../../precious"]}))
    make_media(folder, file_count=5, seed=1)
    assert precious.read_text() == "mine"


def test_an_interruption_leaves_the_folder_as_it_was(tmp_path):
    def interrupt(done, _total):
        if done > 3:
            raise KeyboardInterrupt

    for folder in (tmp_path / "new", tmp_path):
        with pytest.raises(KeyboardInterrupt):
            make_media(folder, file_count=20, seed=1, progress=interrupt)
        assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_goes_with_the_next(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from stashbench.embedded.media_set import make_media\n"
        "end = lambda done, total: os.kill(os.getpid(), signal.SIGKILL) if done > 3 else None\n"
        "make_media(Path(sys.argv[1]), file_count=20, seed=1, progress=end)"
    )
    environment = os.environ | {"PATH": ""}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, env=environment)
    assert done.returncode == -9
    assert (tmp_path / WORK).is_dir()
    make_media(tmp_path, file_count=6, seed=1)
    assert len(names(tmp_path)) == 6 + 1
    assert not (tmp_path / WORK).exists()


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedError, match="is no folder"):
        make_media(tmp_path / "file", file_count=5, seed=1)
    with pytest.raises(LibraryError, match="cannot be used"):
        make_media(tmp_path / "file" / "below", file_count=5, seed=1)


def test_an_interruption_ends_ffmpeg_too(tmp_path):
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    pids = tmp_path / "pids"
    lines = (
        "#!/bin/sh",
        'case "$*" in *-encoders*) printf " ------\\n V..... mpeg4 x\\n V..... mjpeg x\\n"; exit 0;; esac',
        f"echo $$ >> '{pids}'; exec sleep 60",
    )
    program.write_text("\n".join(lines))
    program.chmod(0o755)
    environment = os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    command = [sys.executable, "-m", "stashbench", "generate", "--media", str(tmp_path / "set"), "--files", "20"]
    for ending, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        pids.unlink(missing_ok=True)
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 30
            while not (pids.exists() and pids.read_text().endswith("\n")):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.send_signal(ending)
            assert process.wait(30) == status
        assert not (tmp_path / "set").exists()
        for pid in map(int, pids.read_text().split()):
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
