"""A Stash program that runs as long as a block, on a private copy of a generated library and nothing of the user's."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stashbench.errors import UsageError
from stashbench.target.fresh_copy import FreshCopy
from stashbench.target.managed.library import filled_database, given_library
from stashbench.target.managed.process import ServerProcess, start_server, starting
from stashbench.target.managed.start_log import complaints
from stashbench.target.private_copy import private_directory
from stashbench.target.setup import Setup

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class BinaryOptions:
    """What to start. `cache_size` is SQLite's per connection (pages, or KiB if negative), None its default."""

    binary: Path
    scene_count: int = 20_000
    seed: int = 1
    log_level: str = "Info"
    cache_size: int | None = None
    cache_directory: Path | None = None
    start_timeout_seconds: float = 120.0
    setup: Setup = field(default_factory=Setup)


class RunningBinary:
    """A server we started. `home` is its scratch folder, `media` the folder it scans, empty at first.

    `numbers` are the generator's own of what it put into the database: counts, bytes and seconds. `start_seconds` is
    how long its first start took, `migrated` says from which schema to which the copy of a given database was brought.
    """

    def __init__(
        self, process: ServerProcess, numbers: Mapping[str, float], options: BinaryOptions, library: FreshCopy
    ) -> None:
        self.home = process.scratch.home
        self.media = process.scratch.media
        self.database = process.scratch.database
        self.log_file = process.scratch.log_file
        self.numbers = numbers
        self._process = process
        self._options = options
        self._library = library
        self.start_seconds = 0.0
        self.migrated = ""

    @property
    def url(self) -> str:
        """Where it is now."""
        return self._process.url

    @property
    def pid(self) -> int:
        """Its process now."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.is_running

    def complaints(self) -> tuple[str, ...]:
        """Return the warnings and errors in its log so far, without those that our own precautions cause."""
        return complaints(self.log_file)

    def restarting(self) -> Generator[None]:
        """Start it anew on the library it was given first, in steps: at each yield the server is at work by itself.

        Raises:
            TargetError: it does not come up again.
            LibraryError: its library cannot be copied again.
        """
        self._process.ask_to_stop()
        yield
        self._process.stop()
        self._library.restore()
        for log in (self._process.scratch.log_file, self._process.scratch.output):
            log.unlink(missing_ok=True)
        self._process, _ = yield from starting(
            _checked(self._options.binary),
            self.home,
            log_level=self._options.log_level,
            cache_size=self._options.cache_size,
            timeout_seconds=self._options.start_timeout_seconds,
            is_known=True,
            setup=self._options.setup,
        )
        self._library.note()

    def stop(self) -> None:
        """End the server and whatever it started; safe to call twice."""
        self._process.stop()


@contextmanager
def running_binary(options: BinaryOptions, *, progress: Progress | None = None) -> Iterator[RunningBinary]:
    """Run a Stash program during the block; afterwards it, its children and its private files are gone.

    `progress` is told how far the generation of the library is, the first time.

    Raises:
        UsageError: the file is no program.
        RefusedError: its database is too old for our generator, or the one given does not fit the program.
        TargetError: it ends, does not come up in time, or is no Stash.
        LibraryError: the library cannot be made or copied.
    """
    binary = _checked(options.binary)
    with _library(binary, options, progress) as (pristine, numbers, migrated), private_directory() as home:
        library = FreshCopy(pristine, home / "stash-go.sqlite")
        library.make()
        begin = time.monotonic()
        process, _ = start_server(
            binary,
            home,
            log_level=options.log_level,
            cache_size=options.cache_size,
            timeout_seconds=options.start_timeout_seconds,
            setup=options.setup,
        )
        running = RunningBinary(process, numbers, options, library)
        running.migrated = migrated
        running.start_seconds = time.monotonic() - begin
        try:
            library.note()
            yield running
        finally:
            running.stop()


@contextmanager
def _library(
    binary: Path, options: BinaryOptions, progress: Progress | None
) -> Iterator[tuple[Path, Mapping[str, float], str]]:
    """Give the library to serve copies of, the generator's numbers (none of a given one), and how it was migrated."""
    if options.setup.database is not None:
        with given_library(
            binary,
            options.setup.database,
            timeout_seconds=options.start_timeout_seconds,
            cache_directory=options.cache_directory,
        ) as (given, migrated):
            yield given, {}, migrated
        return
    pristine, numbers = filled_database(
        binary,
        scene_count=options.scene_count,
        seed=options.seed,
        timeout_seconds=options.start_timeout_seconds,
        cache_directory=options.cache_directory,
        progress=progress,
    )
    yield pristine, numbers, ""


def _checked(binary: Path) -> Path:
    """Return the absolute path of a program: the server is started in a folder of its own."""
    path = Path(os.path.abspath(binary.expanduser()))  # noqa: PTH100 - resolve() would follow a link to another name
    if not path.exists():
        message = f"There is no file {path}: correct --stash-binary."
        raise UsageError(message)
    if not path.is_file() or not os.access(path, os.X_OK):
        message = f"{path} is no program this user may execute: correct --stash-binary, or `chmod +x` the file."
        raise UsageError(message)
    return path
