"""Writes files so that a reader sees the old content or the new, never half of it."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from stashbench.errors import StoreError

_NEXT_STEPS = {
    errno.ENOSPC: "the disk is full; free some space or choose another directory",
    errno.EDQUOT: "your disk quota is used up; free some space or choose another directory",
    errno.EACCES: "this user may not write there; choose another directory or change its permissions",
    errno.EPERM: "this user may not write there; choose another directory or change its permissions",
    errno.EROFS: "the file system is read-only; choose another directory",
    errno.ENOTDIR: "a part of the path is a file, not a directory; choose another directory",
    errno.EEXIST: "a file is in the way of the directory; move it or choose another directory",
}


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file under a temporary name beside it, then rename; directories are made as needed.

    The content reaches the disk before the name changes, so a power cut leaves one whole version too.

    Raises:
        StoreError: it cannot be written; says where, why, and what to do. The old file is then untouched.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode_of(path))
        temporary.replace(path)
        _sync_directory(path.parent)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise store_error(path, error) from error


def store_error(path: Path, error: OSError) -> StoreError:
    """Word an operating system's refusal for the user: which file, in which directory, why, and what to do."""
    step = _NEXT_STEPS.get(error.errno or 0, error.strerror or type(error).__name__)
    return StoreError(f"Cannot write {path.name} in {path.parent}: {step}.")


def _mode_of(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)  # the only way to read it is to set it
        os.umask(mask)
        return 0o666 & ~mask


def _sync_directory(directory: Path) -> None:
    # Makes the rename itself survive a power cut. Windows cannot open directories; some network file systems refuse.
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
