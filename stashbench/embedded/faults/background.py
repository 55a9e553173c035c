"""Faults that go on beside the requests: a busy child process, a busy disk, a flooded log, jobs that go wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from stashbench.embedded.loghub import LogHub, LogLevel

if TYPE_CHECKING:
    from pathlib import Path

    from stashbench.embedded.jobs.progress import Progress
    from stashbench.embedded.state import ServerState

Stop = Callable[[], None]
_TICK_SECONDS = 0.1
_FILE_LIMIT_BYTES = 64 * 1024 * 1024  # the written file is used in a circle, so that no disk fills up
_STALLED_TOTAL = 1000
_STALLED_PROCESSED = 420


def burn_cpu() -> Stop:
    """Start the burning child process."""
    child = subprocess.Popen([sys.executable, "-m", "stashbench.embedded.faults.burner"], stdin=subprocess.PIPE)

    def stop() -> None:
        child.kill()
        child.wait()
        assert child.stdin is not None
        child.stdin.close()

    return stop


def write_disk(directory: Path, bytes_per_second: float) -> Stop:
    """Write and sync at that rate. The file has no name, so that nothing is left however the server ends."""
    file = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - closed by stop
    content = os.urandom(max(1, int(bytes_per_second * _TICK_SECONDS)))

    def write() -> None:
        if file.tell() + len(content) > _FILE_LIMIT_BYTES:
            file.seek(0)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

    stop_ticking = _every_tick(write, "disk-writer")

    def stop() -> None:
        stop_ticking()
        file.close()

    return stop


def flood_log(hub: LogHub, lines_per_second: float) -> Stop:
    """Log that many lines a second, evenly in short bursts."""
    begin = time.monotonic()
    written = 0

    def write() -> None:
        nonlocal written
        due = int((time.monotonic() - begin) * lines_per_second)
        for number in range(written + 1, due + 1):
            hub.publish(LogLevel.INFO, f"log flood: line {number}")
        written = max(written, due)

    return _every_tick(write, "log-flood")


def stall_scan(state: ServerState) -> None:
    """Queue a scan that stops progressing at 42 % and stays running until it is stopped."""

    def work(progress: Progress) -> None:
        progress.set_total(_STALLED_TOTAL)
        for _ in range(_STALLED_PROCESSED):
            progress.increment()
        with progress.task(f"Scanning {state.paths.media / 'unreadable.mp4'}"):
            progress.wait_for_stop()

    state.jobs.add("Scanning...", work)


def fail_job(state: ServerState) -> None:
    """Queue a job that cannot make its folder, because a file is in the way; the operating system refuses it."""
    blocked = state.paths.work / "generated"
    blocked.touch()

    def work(progress: Progress) -> None:
        progress.set_indefinite()
        (blocked / "screenshots").mkdir()

    state.jobs.add("Generating...", work)


def _every_tick(action: Callable[[], None], name: str) -> Stop:
    """Do something ten times a second in a thread until stopped."""
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(_TICK_SECONDS):
            action()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()

    def stop() -> None:
        ended.set()
        thread.join()

    return stop
