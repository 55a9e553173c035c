"""A Stash program that runs as long as a block, on a private copy of a generated library and nothing of the user's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stashbench.errors import UsageError
from stashbench.target.managed.library import filled_database
from stashbench.target.managed.process import ServerProcess, start_server
from stashbench.target.managed.start_log import complaints
from stashbench.target.private_copy import copy_privately, private_directory

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


class RunningBinary:
    """A server we started. `home` is its scratch folder, `media` the folder it scans, empty at first.

    `numbers` are the generator's own of what it put into the database: counts, bytes and seconds.
    """

    def __init__(self, process: ServerProcess, numbers: Mapping[str, float]) -> None:
        self.url = process.url
        self.pid = process.pid
        self.home = process.scratch.home
        self.media = process.scratch.media
        self.database = process.scratch.database
        self.log_file = process.scratch.log_file
        self.numbers = numbers
        self._process = process

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process.is_running

    def complaints(self) -> tuple[str, ...]:
        """Return the warnings and errors in its log so far, without those that our own precautions cause."""
        return complaints(self.log_file)

    def stop(self) -> None:
        """End the server and whatever it started; safe to call twice."""
        self._process.stop()


@contextmanager
def running_binary(options: BinaryOptions, *, progress: Progress | None = None) -> Iterator[RunningBinary]:
    """Run a Stash program during the block; afterwards it, its children and its private files are gone.

    `progress` is told how far the generation of the library is, the first time.

    Raises:
        UsageError: the file is no program.
        RefusedError: its database is too old for our generator.
        TargetError: it ends, does not come up in time, or is no Stash.
        LibraryError: the library cannot be made or copied.
    """
    binary = _checked(options.binary)
    pristine, numbers = filled_database(
        binary,
        scene_count=options.scene_count,
        seed=options.seed,
        timeout_seconds=options.start_timeout_seconds,
        cache_directory=options.cache_directory,
        progress=progress,
    )
    with private_directory() as home:
        copy_privately(pristine, home / "stash-go.sqlite")
        process, _ = start_server(
            binary,
            home,
            log_level=options.log_level,
            cache_size=options.cache_size,
            timeout_seconds=options.start_timeout_seconds,
        )
        try:
            yield RunningBinary(process, numbers)
        finally:
            process.stop()


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
