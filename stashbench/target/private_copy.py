"""A private directory for a copy of a library: removed when we end, and swept by the next run if we were killed."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "stashbench-private-"
_NAME = re.compile(rf"{_PREFIX}(\d+)-")


@contextmanager
def private_directory() -> Iterator[Path]:
    """Make a directory only we can read, named after our process; remove it and all in it after the block."""
    sweep_dead_directories()
    directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def sweep_dead_directories() -> list[Path]:
    """Remove the private directories of processes that are gone, if they are ours; return which were removed."""
    swept = []
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        match = _NAME.match(directory.name)
        with suppress(OSError):  # another run sweeps at the same time
            if match and directory.lstat().st_uid == os.getuid() and not _is_alive(int(match.group(1))):
                shutil.rmtree(directory, ignore_errors=True)
                swept.append(directory)
    return swept


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's by now
    return True
