"""The library a server of ours works on: a private copy, as it was again before each start."""

from __future__ import annotations

from pathlib import Path

from stashbench.target.private_copy import copy_privately

KEPT_ABOVE_BYTES = 64 << 20
"""Smaller files are simply copied again, which takes some hundredths of a second and draws their place in memory anew,
as the process's own. Of larger ones it is looked whether the server has written into them."""

_Mark = tuple[tuple[int, int], ...]


class FreshCopy:
    """Copies `source` to `path`, and later restores that. `copy_count` counts how often it was copied."""

    def __init__(self, source: Path, path: Path) -> None:
        self.source = source
        self.path = path
        self.copy_count = 0
        self._mark: _Mark | None = None

    def make(self) -> None:
        """Copy the library, without what a server left beside an earlier copy.

        Raises:
            LibraryError: it does not fit, or may not be written there.
        """
        for part in self._parts():
            part.unlink(missing_ok=True)
        copy_privately(self.source, self.path)
        self.copy_count += 1
        self._mark = None

    def note(self) -> None:
        """Remember how the file is while a server that has just been started has it open."""
        self._mark = self._look()

    def restore(self) -> None:
        """Make the library what it was before a server, which has ended, had it; errors as for `make`."""
        is_unwritten = self._mark is not None and self._mark == self._look()
        if not is_unwritten or self.path.stat().st_size < KEPT_ABOVE_BYTES:
            self.make()

    def _parts(self) -> tuple[Path, ...]:
        """Return the database and the files SQLite keeps beside it."""
        return self.path, *(self.path.with_name(f"{self.path.name}-{end}") for end in ("wal", "shm"))

    def _look(self) -> _Mark:
        """Return size and time of the last change of the database and of the log of what is not in it yet.

        Whatever a server writes goes into one of the two; an empty log is as good as none.
        """
        found = []
        for part in self._parts()[:2]:
            try:
                status = part.stat()
            except FileNotFoundError:
                continue
            if status.st_size:
                found.append((status.st_size, status.st_mtime_ns))
        return tuple(found)
