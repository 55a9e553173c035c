"""The FFmpeg of this machine: whether there is one, what it can encode, and running it so that it never outlives us."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from stashbench.errors import LibraryError

EXACT = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1")
"""Leaves out of a file what differs from run to run: times, random identifiers, the program's version."""

_QUIET = ("-hide_banner", "-loglevel", "error", "-nostdin", "-y")
_PROBE_SECONDS = 20
_RUN_SECONDS = 600
_LONGEST_WORDS = 300


class FFmpeg:
    """Runs `program`; may be used by several threads at once."""

    def __init__(self, program: str, encoders: frozenset[str]) -> None:
        self._program, self.encoders = program, encoders
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_over = False

    def run(self, *arguments: str | Path) -> None:
        """Run it to its end.

        Raises:
            LibraryError: it failed, or took longer than ten minutes.
        """
        command = [self._program, *_QUIET, *map(str, arguments)]
        with self._lock:
            if self._is_over:
                message = "making media files was given up"
                raise LibraryError(message)
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,  # a Ctrl-C is ours to act on
            )
            self._running.add(process)
        with process:
            try:
                _, words = process.communicate(timeout=_RUN_SECONDS)
            except subprocess.TimeoutExpired as error:
                message = f"{self._program} did not finish within {_RUN_SECONDS // 60} minutes; ask for fewer files"
                raise LibraryError(message) from error
            finally:
                process.kill()
                with self._lock:
                    self._running.discard(process)
        if process.returncode:
            said = " ".join(words.decode(errors="replace").split())[:_LONGEST_WORDS] or "nothing"
            message = f"{self._program} failed with status {process.returncode} and said: {said}"
            raise LibraryError(message)

    def end(self) -> None:
        """Kill what still runs, and run nothing more."""
        with self._lock:
            self._is_over = True
            for process in self._running:
                process.kill()


def find_ffmpeg() -> FFmpeg | None:
    """Find FFmpeg on the search path; None where there is none that starts."""
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(
            [program, "-hide_banner", "-encoders"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=True,
        )
        return FFmpeg(program, _encoders(answer.stdout.decode(errors="replace")))
    return None


def _encoders(text: str) -> frozenset[str]:
    """Read the list of encoders: six flags and a name in each line behind the rule."""
    _, _, rows = text.partition("------")
    columns: Sequence[list[str]] = [line.split() for line in rows.splitlines()]
    return frozenset(words[1] for words in columns if len(words) > 1)
