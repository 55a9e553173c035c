"""Keeps watch over a server we start, as a small process of its own: whatever ends us, the server ends too.

Run as a file by an interpreter without site packages; it imports nothing but the standard library. Its standard input
is held open by stashbench. The word `stop` on it, or its end (stashbench was killed), ends the server and every process
the server started; in the second case the directory given is removed as well, since nobody else is left to do it.

    guard.py STOP_SECONDS OUTPUT_FILE DIRECTORY PROGRAM [ARGUMENT ...]

The first line of its standard output is a JSON object: `pid` of the server, or `error` if it could not be started. It
exits when the server and all its children are gone, with the server's own exit status, or 128 + signal.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
STOP = b"stop"
NOT_STARTED = 127


def main(arguments: list[str]) -> int:
    """Start the server, wait for its end or for the order to end it; return its exit status."""
    stop_seconds, output, directory, *command = arguments
    awake, alarm = os.pipe()
    for end in (awake, alarm):
        os.set_blocking(end, False)
    # Handlers, because what is ignored stays ignored in the server and its children. Ctrl-C is not for us.
    for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    signal.signal(signal.SIGTERM, _obey)
    signal.set_wakeup_fd(alarm)
    prctl = _prctl()
    prctl(PR_SET_CHILD_SUBREAPER, 1)  # what the server leaves behind becomes our child, so that we can end it
    try:
        with Path(output).open("ab") as file:
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd=directory,
                start_new_session=True,
                preexec_fn=lambda: prctl(PR_SET_PDEATHSIG, signal.SIGKILL),  # noqa: PLW1509 - this process has no threads
            )
    except (OSError, subprocess.SubprocessError) as error:
        _tell({"error": getattr(error, "strerror", None) or str(error)})
        return NOT_STARTED
    _tell({"pid": server.pid})
    try:
        is_alone = _wait(server, awake)
    except InterruptedError:
        is_alone = False
    _end(server, float(stop_seconds))
    if is_alone:
        shutil.rmtree(directory, ignore_errors=True)
    status = server.returncode
    return 128 - status if status < 0 else status


def _prctl() -> Callable[[int, int], object]:
    """Return Linux's process control, or a function that does nothing elsewhere."""
    if not sys.platform.startswith("linux"):
        return lambda _option, _value: None
    function = ctypes.CDLL(None, use_errno=True).prctl
    return lambda option, value: function(option, ctypes.c_ulong(value), 0, 0, 0)


def _tell(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _obey(*_: object) -> None:
    """Leave the wait for orders: SIGTERM is one."""
    signal.signal(signal.SIGTERM, lambda *_: None)
    raise InterruptedError


def _wait(server: subprocess.Popen[bytes], awake: int) -> bool:
    """Sleep until the server ends or we are told to end it; say whether stashbench is gone and nobody told us."""
    while server.poll() is None:
        ready, _, _ = select.select([0, awake], [], [])
        if 0 in ready:
            return os.read(0, len(STOP)) == b""
        with contextlib.suppress(BlockingIOError):
            os.read(awake, 4096)
    return False


def _end(server: subprocess.Popen[bytes], stop_seconds: float) -> None:
    """Ask the server to end, then force it; then end what is left of its session and of its children."""
    if server.poll() is None:
        server.terminate()
        try:
            server.wait(stop_seconds)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(server.pid, signal.SIGKILL)
    while True:
        # Children of the server that made sessions of their own have been handed to us by now, one generation a turn.
        for child in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    """Return our own children, where the system tells."""
    try:
        return [int(pid) for pid in Path("/proc/thread-self/children").read_text().split()]
    except OSError:
        return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
