"""The database file that is to be filled: held so that nobody else can open it, and replaced in one step or never."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from stashbench.errors import LibraryError, RefusedError

_MAGIC = b"SQLite format 3\x00"
_LOCK_START, _LOCK_BYTES = 0x4000_0000, 512
"""The bytes on which SQLite itself holds its locks; whoever has the database open holds some of them for reading."""
_TEXT_OF_WAL = b"\x02\x02"
_WHERE_MODE_STANDS = slice(18, 20)


class Original:
    """One file, locked. `path` is the real one, behind symbolic links."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file
        self._state = os.fstat(file.fileno())
        file.seek(0)
        header = file.read(100)
        if not header.startswith(_MAGIC):
            message = f"{path} is not an SQLite database; name the file that Stash made, usually stash-go.sqlite."
            raise RefusedError(message)
        self.journal_mode = "wal" if header[_WHERE_MODE_STANDS] == _TEXT_OF_WAL else "delete"

    def copy_to(self, draft: Path) -> None:
        """Copy the content; through the file already open, because closing another one would drop the lock."""
        self._file.seek(0)
        with _new_file(draft) as copy:
            shutil.copyfileobj(self._file, copy, 1 << 20)

    def replace_by(self, finished: Path) -> None:
        """Put the finished file in the place of this one, with its mode and owner, once it is safely on the disk."""
        if (now := self.path.stat()).st_ino != self._state.st_ino or now.st_size != self._state.st_size:
            message = f"{self.path} was changed by another program meanwhile; it was left as that program made it."
            raise LibraryError(message)
        with finished.open("r+b") as file:
            if (self._state.st_uid, self._state.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(file.fileno(), self._state.st_uid, self._state.st_gid)
            os.fchmod(file.fileno(), self._state.st_mode & 0o7777)
            os.fsync(file.fileno())
        finished.replace(self.path)
        directory = os.open(self.path.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # some network shares cannot; the rename is done all the same
                os.fsync(directory)
        finally:
            os.close(directory)


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextlib.contextmanager
def hold(path: Path) -> Iterator[Original]:
    """Hold the file for ourselves while the block runs; a server that wants it meanwhile finds it locked.

    Raises:
        RefusedError: it is no database, or a server has it open, or it was not closed cleanly.
        LibraryError: it is not there, or this user may not replace it.
    """
    real = path.resolve()
    try:
        file = real.open("r+b")
    except FileNotFoundError as error:
        message = (
            f"There is no database at {path}; start Stash once on an empty home, stop it, and name the file it made."
        )
        raise LibraryError(message) from error
    except IsADirectoryError as error:
        message = f"{path} is a directory; name the database file in it, usually stash-go.sqlite."
        raise LibraryError(message) from error
    except OSError as error:
        message = f"{path} cannot be opened for writing ({error.strerror}); run as the user Stash runs as."
        raise LibraryError(message) from error
    with file:
        _lock(file, path)
        _require_clean(real)
        _require_ours(file, path)
        yield Original(real, file)


def _lock(file: IO[bytes], path: Path) -> None:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_BYTES, _LOCK_START)
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EAGAIN}:
            message = f"{path} cannot be locked ({error.strerror}); copy it to a local disk and fill it there."
            raise LibraryError(message) from error
        message = f"{path} is open in another program, probably a running Stash; stop that first."
        raise RefusedError(message) from error


def _require_clean(path: Path) -> None:
    for ending in ("-wal", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            if path.with_name(path.name + ending).stat().st_size:
                message = (
                    f"{path} was not closed cleanly (there is a {ending} file beside it); start and stop Stash once."
                )
                raise RefusedError(message)


def _require_ours(file: IO[bytes], path: Path) -> None:
    """Refuse a file whose owner we could not give to its replacement."""
    if os.geteuid() not in {0, os.fstat(file.fileno()).st_uid}:
        message = f"{path} belongs to another user; run as the user Stash runs as."
        raise LibraryError(message)
