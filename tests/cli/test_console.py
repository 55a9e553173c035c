"""A command whose terminal is lost, full, or of a small alphabet still does its work."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stashbench.cli.console import LastingStream, open_terminal

COMMAND = [sys.executable, "-m", "stashbench"]
FULL_DEVICE = Path("/dev/full")


def list_suites(tmp_path, **options):
    """Run a command that writes a name outside ASCII to its standard output."""
    return subprocess.run(
        [*COMMAND, "generate", "--scenes", "1", "--out", "ünï☃.sqlite"],
        cwd=tmp_path,
        timeout=60,
        check=False,
        **options,
    )


def test_a_name_the_terminal_cannot_show_is_escaped():
    # rich writes to standard output itself, as `doctor` and `baseline show` do.
    program = (
        "import stashbench.cli as cli\n"
        "from rich.console import Console\n"
        "cli.cli.main = lambda **_: Console().print(chr(0x2603))\n"
        "cli.main([])"
    )
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == rb"\u2603" + b"\n"


@pytest.mark.skipif(not FULL_DEVICE.exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_under_the_output_is_one_sentence(tmp_path):
    with FULL_DEVICE.open("wb") as full:
        done = list_suites(tmp_path, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 4
    assert done.stderr.decode().lstrip() == (
        "stashbench: No space left on device: the standard output; free some space or write elsewhere\n"
    )


def test_without_an_output_the_command_works_all_the_same(tmp_path):
    done = list_suites(tmp_path, preexec_fn=lambda: os.close(1), stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "ünï☃.sqlite").is_file()


def test_a_stream_whose_reader_is_gone_drops_what_comes_after():
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        stream = LastingStream(pipe)
        stream.write("seen")
        stream.flush()
        assert os.read(reading, 10) == b"seen"
        os.close(reading)
        assert stream.write("lost") == 4
        stream.flush()
        stream.write("dropped")
        stream.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), pipe.fileno())  # or closing it would fail over "lost"


def test_a_terminal_that_is_no_file_is_nowhere(monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    with open_terminal() as terminal:
        terminal.write("nowhere")
        assert not terminal.isatty()
        assert terminal.fileno() > 2
