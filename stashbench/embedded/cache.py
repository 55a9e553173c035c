"""Keeps generated libraries, so that the second audit starts at once.

A library is written under a temporary name beside its final one and renamed when it is complete. Who writes holds a
lock on a file of that name, which the system releases if the writer dies: temporaries whose lock is free are debris.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stashbench.embedded.library import GENERATOR_VERSION, generate
from stashbench.embedded.library.generate import Progress
from stashbench.errors import LibraryError

_PARTIAL = ".partial"
_LOCK = ".lock"
_READ_ONLY = 0o444


def default_cache_directory() -> Path:
    """Give `libraries` in $STASHBENCH_CACHE, or in `stashbench` of $XDG_CACHE_HOME or ~/.cache.

    Raises:
        LibraryError: there is no home directory, as for a user of a container whom its system does not know.
    """
    own = os.environ.get("STASHBENCH_CACHE")
    shared = os.environ.get("XDG_CACHE_HOME")
    try:
        if own:
            return Path(own).expanduser() / "libraries"
        return (Path(shared) if shared else Path.home() / ".cache") / "stashbench" / "libraries"
    except RuntimeError as error:
        message = "this user has no home directory to keep generated libraries in; point STASHBENCH_CACHE at a folder"
        raise LibraryError(message) from error


def library_name(scene_count: int, seed: int) -> str:
    """Give the name of a cached library: generator version, seed and size are all that its bytes depend on."""
    return f"library-v{GENERATOR_VERSION}-seed{seed}-scenes{scene_count}.sqlite"


def cached_library(
    scene_count: int, seed: int, *, cache_directory: Path | None = None, progress: Progress | None = None
) -> Path:
    """Give a pristine, read-only library of `scene_count` scenes, generating it unless it is there already.

    Copy it before serving it. If another process is generating the same one, this waits for it and takes the result.

    Raises:
        LibraryError: the cache cannot be written, or the library does not fit on the disk.
    """
    path = (cache_directory or default_cache_directory()) / library_name(scene_count, seed)
    return make_once(path, lambda partial: generate(partial, scene_count=scene_count, seed=seed, progress=progress))


def make_once(path: Path, make: Callable[[Path], None]) -> Path:
    """Give a read-only file of the cache, called `library-...`; `make` writes it to the path given, if it is not there.

    If another process is making the same one, this waits for it and takes the result.

    Raises:
        LibraryError: the cache cannot be written.
    """
    if path.exists():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        with _lock(path, wait=True):
            if not path.exists():
                partial = path.with_name(path.name + _PARTIAL)
                partial.unlink(missing_ok=True)
                make(partial)
                partial.chmod(_READ_ONLY)
                partial.replace(path)
    except OSError as error:
        message = (
            f"the library cache {path.parent} cannot be used ({error.strerror or error}); "
            "make it writable or point STASHBENCH_CACHE at another folder"
        )
        raise LibraryError(message) from error
    return path


def sweep(directory: Path) -> list[Path]:
    """Remove what killed generators left in `directory`, and give the removed files; live generators are left alone."""
    removed: list[Path] = []
    for partial in sorted(directory.glob(f"library-*{_PARTIAL}*")):
        path = partial.with_name(partial.name.partition(_PARTIAL)[0])
        with _lock(path, wait=False) as ours:
            if ours:
                partial.unlink(missing_ok=True)
                removed.append(partial)
    return removed


@contextmanager
def _lock(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold the lock of a library; give whether it could be had (always, if `wait`)."""
    with path.with_name(path.name + _LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
