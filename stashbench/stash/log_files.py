"""A log file and its older parts beside it, as Stash itself or logrotate leave them."""

from __future__ import annotations

import gzip
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

GZIP = ".gz"
_STAMP = r"-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}"  # Stash since 0.27: name-2026-11-23T10-09-34.123.log
_DATE = r"[-.]\d{8}(?:-?\d{2,10})?"  # logrotate with dateext
_NUMBER = r"\.\d{1,4}"  # logrotate without


class LogMark(NamedTuple):
    """How long a file was at some time; what is behind was written later."""

    inode: int
    size_bytes: int


def log_parts(path: Path) -> list[Path]:
    """Return the file and its rotated parts, the newest first; the file itself also where it is missing.

    Raises:
        OSError: the folder cannot be listed.
    """
    stem, ending = re.escape(path.stem), re.escape(path.suffix)
    name = re.escape(path.name)
    pattern = re.compile(rf"(?:{stem}(?:{_STAMP}|{_DATE}){ending}|{name}(?:{_NUMBER}|{_DATE}))(?:\.gz)?")
    found = {part.name: part for part in path.parent.iterdir() if pattern.fullmatch(part.name) and part != path}
    # While a part is being compressed both are there, and only the plain one is whole.
    whole = [part for name, part in found.items() if not (name.endswith(GZIP) and name.removesuffix(GZIP) in found)]
    return [path, *sorted(whole, key=_age, reverse=True)]


def mark_of(path: Path) -> LogMark | None:
    """Return how long a file is now, None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return LogMark(status.st_ino, status.st_size)


@contextmanager
def open_part(path: Path, limit_bytes: int) -> Iterator[tuple[IO[bytes], int, int]]:
    """Open one part for reading; gives the stream, its length in bytes on disk, and how many were left out in front.

    Of a plain file longer than the limit only the end is read. Raises OSError where that is impossible.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        # A pipe would be waited for, and a device may never end.
        message = "is not a regular file"
        raise OSError(0, message)
    if path.suffix == GZIP:
        with gzip.open(path, "rb") as compressed:
            yield cast("IO[bytes]", compressed), status.st_size, 0
        return
    with path.open("rb") as plain:
        left_out = max(0, status.st_size - limit_bytes)
        plain.seek(left_out)
        yield plain, status.st_size, left_out


def _age(path: Path) -> tuple[float, str]:
    mark = path.stat() if path.exists() else None
    return (mark.st_mtime if mark else 0.0, path.name)
