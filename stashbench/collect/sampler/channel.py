"""The line to the sampler process: start it, ask and be answered within a time limit, notice its end."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from stashbench.model.secret import SECRET_VARIABLES

_CODE = (
    "import sys; sys.path.insert(0, sys.argv[1]); from stashbench.collect.sampler.__main__ import main; "
    "main(sys.argv[2])"
)
_READ_BYTES = 1 << 16


class SamplerGoneError(Exception):
    """The sampler process ended or does not answer; the message is the reason. Never leaves this package."""


class Channel:
    """Asks the sampler process one question at a time; safe to use from several threads."""

    def __init__(self, options: dict[str, object]) -> None:
        root = str(Path(__file__).resolve().parents[3])
        # Without site-packages (-S) and user settings (-I) the process is smaller and starts faster; psutil,
        # which the portable reader needs, lives in site-packages.
        lean = [] if options["is_portable"] or not sys.platform.startswith("linux") else ["-I", "-S"]
        self._process = subprocess.Popen(
            [sys.executable, *lean, "-c", _CODE, root, msgspec.json.encode(options).decode()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            # It speaks to no server, so it needs no key, and others may be able to read its environment.
            env={name: value for name, value in os.environ.items() if name not in SECRET_VARIABLES},
        )
        self._number = 0
        self._unread = b""
        self._lock = threading.Lock()

    @property
    def pid(self) -> int:
        """The sampler process."""
        return self._process.pid

    def ask(self, verb: str, argument: object, timeout_seconds: float) -> dict[str, Any]:
        """Send a command and wait for its answer. Raises SamplerGoneError, whatever went wrong."""
        with self._lock:
            self._number += 1
            line = msgspec.json.encode([verb, self._number, argument]) + b"\n"
            try:
                os.write(self._stdin(), line)
            except (OSError, ValueError) as error:
                raise SamplerGoneError(self._reason()) from error
            return self._await(self._number, timeout_seconds)

    def await_start(self, timeout_seconds: float) -> dict[str, Any]:
        """Wait until the process has opened what it reads."""
        with self._lock:
            return self._await(0, timeout_seconds)

    def close(self, timeout_seconds: float) -> None:
        """Close the line and wait for the process to end; one that does not is killed."""
        with self._lock:
            process = self._process
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            try:
                process.wait(timeout_seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stderr is not None:
                process.stderr.close()

    def _await(self, number: int, timeout_seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_seconds
        while True:
            *lines, self._unread = self._unread.split(b"\n")
            for line in lines:
                got, answer = msgspec.json.decode(line, type=tuple[int, dict[str, Any]])
                if got == number:  # others are late answers to questions given up on
                    return answer
            self._read_more(deadline, timeout_seconds)

    def _read_more(self, deadline: float, timeout_seconds: float) -> None:
        wait = max(0.0, deadline - time.monotonic())
        try:
            stdout = self._stdout()
            if not select.select([stdout], [], [], wait)[0]:
                message = f"the sampler process {self.pid} did not answer within {timeout_seconds:g} s"
                raise SamplerGoneError(message)
            data = os.read(stdout, _READ_BYTES)
        except (OSError, ValueError) as error:
            raise SamplerGoneError(self._reason()) from error
        if not data:
            raise SamplerGoneError(self._reason())
        self._unread += data

    def _stdin(self) -> int:
        assert self._process.stdin is not None
        return self._process.stdin.fileno()

    def _stdout(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def _reason(self) -> str:
        try:
            status = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            return f"the sampler process {self.pid} closed its line"
        if status < 0:
            return f"the sampler process {self.pid} was ended by signal {-status}"
        return f"the sampler process {self.pid} ended with status {status}{self._last_words()}"

    def _last_words(self) -> str:
        stderr = self._process.stderr
        if stderr is None or stderr.closed:
            return ""
        words = stderr.read().decode("utf-8", "replace").strip().splitlines()
        return f": {words[-1]}" if words else ""
