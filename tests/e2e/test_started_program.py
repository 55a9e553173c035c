"""A program we start ends with us, whatever ends us; a program that stands in for Stash is enough to show it."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

STAND_IN = Path(__file__).parents[1] / "target" / "managed" / "stand_in.py"
BUSY = """
@pytest.mark.audit(id="one", category="api", severity="warning", warning=10)
def audit_one(audit, stash):
    import pathlib, time
    pathlib.Path("running").touch()
    while True:
        time.sleep(0.05)
"""


def working_for(folder):
    """Return the processes whose environment or arguments name the folder, us and zombies apart."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        except OSError:
            continue
        if f"{folder}/stashbench-private-".encode() in words and state != "Z":
            found.append(int(entry.name))
    return found


@pytest.fixture
def busy(start, suite, wait_until, tmp_path):
    """An audit of a started program in its midst, and the folder of temporary files."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    program = tmp_path / "stand-in"
    program.write_text(f"#!{sys.executable}\n{STAND_IN.read_text()}")
    program.chmod(0o755)
    options = ("--suite", suite(BUSY), "--stash-binary", program, "--stash-library", 100)
    environment = {"TMPDIR": str(temporary), "STASHBENCH_CACHE": str(tmp_path), "STAND_IN": "family"}
    with start(tmp_path, "stashbench", "audit", *options, **environment) as process:
        wait_until(lambda: (tmp_path / "running").exists() or process.poll() is not None)
        yield process, temporary


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_program_we_started(busy, wait_until, number):
    process, temporary = busy
    assert len(working_for(temporary)) >= 4  # the guard, the program and its two children
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    wait_until(lambda: not working_for(temporary))
    wait_until(lambda: not list(temporary.glob("stashbench-private-*")))
    if number is not signal.SIGKILL:
        assert process.returncode == 128 + number, out + err
