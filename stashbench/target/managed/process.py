"""Starts a Stash program under guard and waits until it answers; ends it and all its children."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import msgspec

from stashbench.errors import TargetError, TargetUnreachableError, UsageError
from stashbench.model.text import one_line
from stashbench.stash.client import StashClient
from stashbench.stash.probe import ServerFacts, examine_server
from stashbench.target.managed import guard
from stashbench.target.managed.scratch import Scratch, environment, prepare
from stashbench.target.managed.start_log import last_words, port_was_taken
from stashbench.target.setup import Setup

STOP_SECONDS = 15.0
_POLL_SECONDS = 0.01
_ANSWER_SECONDS = 5.0
_PORT_ATTEMPTS = 5
_LINE_LIMIT = 300
_PLAIN = Setup()


class _Started(msgspec.Struct):
    """What the guard says first."""

    pid: int = 0
    error: str = ""


class _PortTakenError(Exception):
    """Somebody else got the port between our look and the server's."""


class ServerProcess:
    """A server under guard. `pid` is the server's own, 0 until `read_pid`; its guard ends with it."""

    def __init__(self, binary: Path, scratch: Scratch, variables: dict[str, str], port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.scratch = scratch
        self.pid = 0
        command = [sys.executable, "-I", "-S", str(Path(guard.__file__)), f"{STOP_SECONDS:g}"]
        command += [str(scratch.output), str(scratch.home), str(binary)]
        command += ["--config", str(scratch.configuration), "--nobrowser", "--host", "127.0.0.1", "--port", str(port)]
        # A session of its own: Ctrl-C in the terminal is for us, and we end the server when we are done.
        self._guard = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables, start_new_session=True
        )

    def read_pid(self, binary: Path) -> None:
        """Wait until the guard has started the server; UsageError where it could not."""
        assert self._guard.stdout is not None
        started = msgspec.json.decode(self._guard.stdout.readline() or b"{}", type=_Started)
        if not started.pid:
            reason = started.error or "the process that watches over it ended"
            message = f"{binary} could not be started ({reason}): give the Stash program for this machine."
            raise UsageError(message)
        self.pid = started.pid

    @property
    def is_running(self) -> bool:
        """Whether the server is there."""
        return self._guard.poll() is None

    def status(self) -> int:
        """Return the exit status of a server that has ended; waits for it."""
        return self._guard.wait()

    def ask_to_stop(self) -> None:
        """Let the server and whatever it started end, and return at once."""
        assert self._guard.stdin is not None
        if self._guard.stdin.closed:
            return
        with suppress(OSError):  # it has ended by itself
            self._guard.stdin.write(guard.STOP)
            self._guard.stdin.flush()
        with suppress(OSError):
            self._guard.stdin.close()

    def stop(self) -> None:
        """End the server and whatever it started; safe to call twice."""
        assert self._guard.stdout is not None
        self.ask_to_stop()
        try:
            self._guard.wait(STOP_SECONDS + 5)
        except subprocess.TimeoutExpired:
            self._guard.kill()  # the server dies with it
            self._guard.wait()
        finally:
            self._guard.stdout.close()


def start_server(
    binary: Path, home: Path, *, log_level: str, cache_size: int | None, timeout_seconds: float, setup: Setup = _PLAIN
) -> tuple[ServerProcess, ServerFacts]:
    """Do what `starting` does in one go."""
    steps = starting(
        binary, home, log_level=log_level, cache_size=cache_size, timeout_seconds=timeout_seconds, setup=setup
    )
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: tuple[ServerProcess, ServerFacts] = end.value
            return found


def starting(
    binary: Path,
    home: Path,
    *,
    log_level: str,
    cache_size: int | None,
    timeout_seconds: float,
    is_known: bool = False,
    setup: Setup = _PLAIN,
) -> Generator[None, None, tuple[ServerProcess, ServerFacts]]:
    """Start a server in the private directory `home` and wait until its database is open; yield when it is under way.

    Another program may take the port we found free before the server does; then the next one is tried. Of a server
    that `is_known` the size of its library is not asked.

    Raises:
        UsageError: the program cannot be executed.
        TargetError: it ended, does not come up in time, or is no Stash; the server's own last line says why.
    """
    for _ in range(_PORT_ATTEMPTS):
        port = free_port()
        scratch = prepare(home, port=port, log_level=log_level, chosen=setup.configuration)
        process = ServerProcess(
            binary, scratch, environment(scratch, cache_size=cache_size, chosen=setup.environment), port
        )
        try:
            yield
            process.read_pid(binary)
            return process, _wait_until_ready(process, binary, timeout_seconds, is_counting=not is_known)
        except _PortTakenError:
            process.stop()
            for log in (scratch.log_file, scratch.output):
                log.unlink(missing_ok=True)
        except BaseException:
            process.stop()
            raise
    message = f"{binary} found its port taken {_PORT_ATTEMPTS} times: other programs here take ports as fast as we do."
    raise TargetUnreachableError(message)


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_until_ready(
    process: ServerProcess, binary: Path, timeout_seconds: float, *, is_counting: bool
) -> ServerFacts:
    begin = time.monotonic()
    with StashClient(process.url, None, _ANSWER_SECONDS) as client:
        while True:
            running = process.is_running  # asked first: an answer of a server that ended since is not lost
            try:
                facts = examine_server(client, limit_seconds=_ANSWER_SECONDS, is_counting=is_counting)
                _refuse_stranger(facts, process.scratch)
                return facts  # noqa: TRY300 - the loop goes on where it failed
            except TargetError as error:
                reason = error
            if not running:
                raise _explain_end(process, binary)
            waited = time.monotonic() - begin
            # Who answers, but not as a server that works, will not think better of it.
            patience = timeout_seconds if isinstance(reason, TargetUnreachableError) else _ANSWER_SECONDS
            if waited >= min(patience, timeout_seconds):
                raise _explain_silence(process, binary, reason, waited)
            time.sleep(_POLL_SECONDS)


def _explain_silence(process: ServerProcess, binary: Path, reason: TargetError, waited: float) -> TargetError:
    said = last_words(process.scratch)
    why = f"its last line: {one_line(said, _LINE_LIMIT)}" if said else str(reason)
    message = f"{binary} was started but is not ready after {waited:.0f} s ({why.rstrip('.')})."
    return type(reason)(message)


def _refuse_stranger(facts: ServerFacts, scratch: Scratch) -> None:
    """Notice another Stash at our port: ours has not got it then."""
    if facts.config_path is None or not os.path.realpath(facts.config_path) == os.path.realpath(scratch.configuration):
        raise _PortTakenError


def _explain_end(process: ServerProcess, binary: Path) -> Exception:
    if port_was_taken(process.scratch):
        return _PortTakenError()
    status = process.status()
    said = last_words(process.scratch)
    why = f"it said: {one_line(said, _LINE_LIMIT)}" if said else "it said nothing; is it a Stash program?"
    return TargetUnreachableError(f"{binary} ended with status {status} before it answered; {why}")
