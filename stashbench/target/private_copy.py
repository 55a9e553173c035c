"""A private directory for a copy of a library: removed when we end, and swept by the next run if we were killed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from stashbench.errors import LibraryError

MARKER = "STASHBENCH_SCRATCH"
"""The environment variable that tells processes working in a private directory, their children too, from all others."""
_PREFIX = "stashbench-private-"
_NAME = re.compile(rf"{_PREFIX}(\d+)-")
_OWNER = ".owner"


@contextmanager
def private_directory() -> Iterator[Path]:
    """Make a directory only we can read, named after our process; remove it and all in it after the block."""
    sweep_dead_directories()
    directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        with _claimed(directory):
            yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _claimed(directory: Path) -> Iterator[None]:
    """Hold a lock in the directory, which the system releases however we end.

    Neither a clock that is set nor a number given anew nor another container's numbering of processes deceives it.
    """
    import fcntl  # not on Windows, where we start no servers

    fresh = directory / f"{_OWNER}.new"
    with fresh.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        fresh.rename(directory / _OWNER)  # so that nobody sees it without the lock
        yield


def copy_privately(source: Path, copy: Path) -> None:
    """Copy a file so that nobody else can read the copy at any time, and we can write it.

    Raises:
        LibraryError: it does not fit, or may not be written there.
    """
    try:
        copy.touch(0o600)
        shutil.copyfile(source, copy)
    except OSError as error:
        message = f"The library cannot be copied to {copy.parent}: {error.strerror}; free some space or set TMPDIR."
        raise LibraryError(message) from error


def sweep_dead_directories() -> list[Path]:
    """Remove the private directories of processes that are gone, if they are ours, and end what still works in them.

    Returns which were removed.
    """
    from stashbench.collect.marked_processes import end_marked

    swept = []
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        match = _NAME.match(directory.name)
        with suppress(OSError):  # another run sweeps at the same time
            if (
                match
                and directory.lstat().st_uid == os.getuid()
                and not directory.is_symlink()
                and not _is_alive(int(match.group(1)), directory)
            ):
                end_marked(MARKER, str(directory))
                shutil.rmtree(directory, ignore_errors=True)
                swept.append(directory)
    return swept


def _is_alive(pid: int, directory: Path) -> bool:
    """Say whether the process that made a directory is there: it holds a lock in it."""
    import fcntl

    from stashbench.collect.marked_processes import started_at

    try:
        owner = (directory / _OWNER).open("r+b")
    except FileNotFoundError:
        return started_at(pid) is not None  # being made this moment
    with owner:
        try:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
