"""What remains of a server when stashbench, or its guard, is killed: nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stashbench.target.managed import guard

SERVER = """
import os, pathlib, signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], start_new_session=True)
pathlib.Path("child").write_text(str(child.pid))
signal.pause()
"""


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(is_so):
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def guarded(tmp_path):
    """A guard over a server with a child; both are gone afterwards."""
    home = tmp_path / "home"
    home.mkdir()
    command = [sys.executable, "-I", "-S", guard.__file__, "5", str(home / "output"), str(home)]
    command += [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        pid = json.loads(process.stdout.readline())["pid"]
        wait_until(lambda: (home / "child").is_file() and (home / "child").read_text())
        child = int((home / "child").read_text())
        try:
            yield process, pid, child, home
        finally:
            process.stdin.close()
            for number in (process.pid, pid, child):
                if is_running(number):
                    os.kill(number, signal.SIGKILL)


def test_when_stashbench_is_gone_so_are_the_server_its_children_and_its_home(guarded):
    process, pid, child, home = guarded
    process.stdin.close()  # as the kernel does for a process that is killed
    assert process.wait(10) == 128 + signal.SIGTERM
    assert not is_running(pid)
    assert not is_running(child)
    assert not home.exists()


def test_told_to_stop_it_leaves_the_home_for_us_to_read(guarded):
    process, pid, child, home = guarded
    process.stdin.write(guard.STOP)
    process.stdin.flush()
    process.wait(10)
    assert not is_running(pid)
    assert not is_running(child)
    assert home.exists()


def test_a_server_that_ends_by_itself_takes_its_children_along_and_gives_its_status(guarded):
    process, pid, child, home = guarded
    os.kill(pid, signal.SIGINT)
    assert process.wait(10) not in {0, 127}
    assert not is_running(child)
    assert home.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a process with its parent")
def test_a_killed_guard_takes_the_server_along(guarded):
    process, pid, _, _ = guarded
    process.kill()
    process.wait(10)
    wait_until(lambda: not is_running(pid))


def test_ctrl_c_is_not_for_the_guard_but_an_order_to_end_is(guarded):
    process, pid, child, home = guarded
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.1)
    assert is_running(pid)
    process.terminate()
    assert process.wait(10) == 128 + signal.SIGTERM
    assert not is_running(child)
    assert home.exists()
