"""Starts the embedded server as a process of its own on a private copy of a generated library, and ends it again."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from stashbench.errors import RefusedError, StashbenchError, TargetUnreachableError, UsageError
from stashbench.model.secret import SECRET_VARIABLES, Secret
from stashbench.target.fresh_copy import FreshCopy
from stashbench.target.given_database import copy_given
from stashbench.target.private_copy import MARKER, private_directory

Progress = Callable[[int, int], None]
_STOP_SECONDS = 15.0
_USAGE_STATUS = 2
_LIBRARY = "stash-go.sqlite"


@dataclass(frozen=True, kw_only=True)
class ServerOptions:
    """What to serve. Without `database` it is a generated library of `scene_count` scenes, as a private copy.

    `port` 0 is any free one; `media` None is a temporary folder with sample files; `cache_size` is SQLite's, per
    connection; `faults` are written as on the command line; of `copied_database`, unlike `database`, a private copy is
    served; `environment` comes on top of ours. `session_seconds` is how long a session lasts without a
    request; `is_before_026` refuses wrong keys and passwords as Stash did before v0.26.
    """

    scene_count: int = 20_000
    seed: int = 1
    host: str = "127.0.0.1"
    port: int = 0
    api_key: Secret | None = None
    username: Secret | None = None
    password: Secret | None = None
    session_seconds: float = 3600.0
    is_before_026: bool = False
    faults: tuple[str, ...] = ()
    media: Path | None = None
    cache_size: int | None = None
    database: Path | None = None
    copied_database: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    cache_directory: Path | None = None
    start_timeout_seconds: float = 120.0  # planting faults into a large library takes a while


class _Ready(msgspec.Struct):
    """The line with which the server says that it is ready."""

    url: str
    pid: int
    database: str


class RunningServer:
    """A server process. `database` is the file it works on, `log` what it wrote to standard error.

    `start_seconds` is how long its first start took.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], options: ServerOptions, library: FreshCopy | None, log: Path
    ) -> None:
        self.log = log
        self._process = process
        self._options = options
        self._library = library
        self.start_seconds = 0.0
        self._adopt(_wait_until_ready(process, log, options.start_timeout_seconds))

    def _adopt(self, ready: _Ready) -> None:
        self.url = ready.url
        self.pid = ready.pid
        self.database = Path(ready.database)
        if self._library is not None:
            self._library.note()

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def wait(self) -> int:
        """Wait until the process ends; return its exit status."""
        return self._process.wait()

    def said(self) -> str:
        """Return the last line the process wrote to standard error, or nothing."""
        return _last_line(self.log)

    def restarting(self) -> Generator[None]:
        """Start it anew on the library it was given first, in steps: at each yield the server is at work by itself.

        Raises:
            TargetUnreachableError: it does not come up again.
            LibraryError: its library cannot be copied again.
        """
        _ask_to_stop(self._process)
        yield
        _stop(self._process)
        if self._library is not None:
            self._library.restore()
        self._process = _start(self._options, self.database, self.log.parent, self.log)
        yield
        self._adopt(_wait_until_ready(self._process, self.log, self._options.start_timeout_seconds))

    def stop(self) -> None:
        """End the process: by closing its input, and by force if it does not end in time."""
        _stop(self._process)


@contextmanager
def running_server(options: ServerOptions, *, progress: Progress | None = None) -> Iterator[RunningServer]:
    """Run the embedded server during the block; afterwards the process and its private files are gone.

    `progress` is told how far the generation of the library is. UsageError for options that do not fit, LibraryError
    if the library cannot be made or copied, TargetUnreachableError if the server does not come up.
    """
    _refuse_to_alter(options)
    with private_directory() as directory:
        library = None if options.database else _private_library(options, directory, progress)
        database = options.database or directory / _LIBRARY
        log = directory / "server.log"
        begin = time.monotonic()
        process = _start(options, database, directory, log)
        running: RunningServer | None = None
        try:
            running = RunningServer(process, options, library, log)
            running.start_seconds = time.monotonic() - begin
            yield running
        finally:
            if running is None:
                _stop(process)
            else:
                running.stop()


def known_faults() -> dict[str, str]:
    """Return the faults that can be planted, as written, with what they do."""
    from stashbench.embedded.faults.catalogue import FAULTS

    return {meta.usage: meta.description for meta in FAULTS.values()}


def _refuse_to_alter(options: ServerOptions) -> None:
    """Check the faults; refuse to plant one into a file that is the user's own."""
    from stashbench.embedded.faults.catalogue import FAULTS, parse_fault

    faults = [parse_fault(text) for text in options.faults]
    altering = [fault.name for fault in faults if FAULTS[fault.name].alters_file]
    if altering and options.database is not None:
        message = f"{', '.join(altering)} would change {options.database} itself; serve a copy of it instead."
        raise RefusedError(message)


def _private_library(options: ServerOptions, directory: Path, progress: Progress | None) -> FreshCopy:
    """Copy the cached library, or the user's, readable by nobody else."""
    from stashbench.embedded.cache import cached_library
    from stashbench.embedded.schema import SCHEMA_VERSION

    if options.copied_database is not None:
        pristine = directory / "given.sqlite"
        schema = copy_given(options.copied_database, pristine)
        if schema != SCHEMA_VERSION:
            message = (
                f"{options.copied_database} has schema {schema}, and the embedded server serves {SCHEMA_VERSION} only: "
                "give it to a Stash program, which migrates a copy."
            )
            raise RefusedError(message)
    else:
        pristine = cached_library(
            options.scene_count, options.seed, cache_directory=options.cache_directory, progress=progress
        )
    library = FreshCopy(pristine, directory / _LIBRARY)
    library.make()
    return library


def _start(options: ServerOptions, database: Path, directory: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start the process; it ends by itself when we do."""
    command = [sys.executable, "-m", "stashbench.embedded", "serve", "--exit-with-parent"]
    command += ["--database", str(database), "--host", options.host, "--port", str(options.port)]
    environment = {name: value for name, value in os.environ.items() if name not in SECRET_VARIABLES}
    environment |= {**options.environment, "TMPDIR": str(directory), MARKER: str(directory)}
    secrets = {"api-key": options.api_key, "username": options.username, "password": options.password}
    for name, secret in secrets.items():
        if secret is not None:
            variable = f"STASHBENCH_SERVER_{name.upper().replace('-', '_')}"
            command += [f"--{name}-env", variable]
            environment[variable] = secret.reveal()
    command += ["--session-seconds", str(options.session_seconds)]
    command += ["--refuse-as-before-026"] if options.is_before_026 else []
    for fault in options.faults:
        command += ["--fault", fault]
    if options.media is not None:
        command += ["--media", str(options.media)]
    if options.cache_size is not None:
        command += ["--cache-size", str(options.cache_size)]
    with log.open("wb") as errors:
        # A session of its own: Ctrl-C in the terminal is for us, and we end the server when we are done.
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path, timeout_seconds: float) -> _Ready:
    """Read the ready line; raise the server's own sentence if it ended, or ours if it takes too long."""
    assert process.stdout is not None
    timer = threading.Timer(timeout_seconds, process.kill)  # a killed process ends the wait for its line
    timer.start()
    try:
        line = process.stdout.readline()
    finally:
        timer.cancel()
    if line:
        return msgspec.json.decode(line, type=_Ready)
    status = process.wait()
    if status < 0:
        message = f"The embedded server did not come up in {timeout_seconds:g} seconds; try a smaller library."
        raise TargetUnreachableError(message)
    raise _error_of(status, log)


def _error_of(status: int, log: Path) -> StashbenchError:
    """Return what a server that could not start has to say."""
    said = _last_line(log) or "it said nothing"
    if status == _USAGE_STATUS:
        return UsageError(said)
    return TargetUnreachableError(f"The embedded server ended with status {status}: {said}")


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def _ask_to_stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it has ended and its input with it
        process.stdin.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    assert process.stdout is not None
    _ask_to_stop(process)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        process.stdout.close()
