"""The folder that is filled: nothing in it that is not ours is ever touched, and what was begun can be cleaned away."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from stashbench.errors import LibraryError, RefusedError

MARKER = ".stashbench-media.json"
"""Lists the files that are ours; its ending is none that a scan looks at."""
WORK = ".stashbench-work"


@contextlib.contextmanager
def claimed(directory: Path, paths: Sequence[str]) -> Iterator[Path]:
    """Make the folder ours, without the files of an earlier time, and give a place to work in.

    If the block raises, all of ours is removed again, the folder too if it was not there before.

    Raises:
        RefusedError: there are files in it that we did not make.
        LibraryError: it cannot be made or written.
    """
    was_there = directory.exists()
    work = directory / WORK
    try:
        _clean(directory)
        directory.mkdir(parents=True, exist_ok=True)
        (directory / MARKER).write_text(json.dumps({"made by": "stashbench generate --media", "files": list(paths)}))
        work.mkdir()
    except OSError as error:
        message = f"the folder {directory} cannot be used ({error.strerror}); choose another one for the media"
        raise LibraryError(message) from error
    try:
        yield work
    except BaseException:
        with contextlib.suppress(OSError):  # the error that brought us here says more
            _clean(directory)
            if not was_there:
                directory.rmdir()
        raise
    shutil.rmtree(work)


def _clean(directory: Path) -> None:
    """Remove what an earlier run made there, whole or not."""
    if not directory.exists():
        return
    if not directory.is_dir():
        message = f"{directory} is no folder; choose another one for the media"
        raise RefusedError(message)
    ours = _listed(directory)
    if ours is not None:
        shutil.rmtree(directory / WORK, ignore_errors=True)
    strange = next((path for path in _files(directory) if path not in (ours or ()) and path != MARKER), None)
    if strange is not None:
        message = f"{directory} holds {strange!r}, which stashbench did not make; choose an empty folder for the media"
        raise RefusedError(message)
    if ours is None:
        return
    for path in ours & frozenset(_files(directory)):  # what is really below the folder, whatever the list says
        (directory / path).unlink()
    for folder in sorted((path for path in directory.rglob("*") if path.is_dir()), reverse=True):
        folder.rmdir()
    (directory / MARKER).unlink()


def _listed(directory: Path) -> frozenset[str] | None:
    """Read which files are ours; None where there is no list of ours."""
    marker = directory / MARKER
    if not marker.exists():
        return None
    try:
        paths = list(json.loads(marker.read_text())["files"])
    except (ValueError, KeyError, TypeError) as error:
        message = f"{marker} is not readable as stashbench wrote it; remove that folder yourself, or choose another one"
        raise RefusedError(message) from error
    return frozenset(path for path in paths if isinstance(path, str))


def _files(directory: Path) -> Iterator[str]:
    """Give all files below the folder, links among them, by their path in it."""
    for path in directory.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(directory).as_posix()
