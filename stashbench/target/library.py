"""The door to generated libraries, for commands and targets: only this package imports the embedded server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashbench.embedded.library import FilledLibrary
    from stashbench.embedded.media_set import MediaSummary

Progress = Callable[[int, int], None]


def generate_library(
    path: Path, *, scene_count: int, seed: int, progress: Progress | None = None, has_statistics: bool = True
) -> None:
    """Write a library of `scene_count` scenes to the new file `path`; `progress` gets (done, total).

    Without `has_statistics` the query planner has none, as in a library that was never optimised.

    Raises:
        LibraryError: the file exists, does not fit on the disk, or cannot be written.
    """
    from stashbench.embedded.library import generate

    generate(path, scene_count=scene_count, seed=seed, progress=progress, has_statistics=has_statistics)


def fill_library(
    path: Path, *, scene_count: int, seed: int, progress: Progress | None = None, has_statistics: bool = True
) -> FilledLibrary:
    """Add a library of `scene_count` scenes to the empty database `path` that a Stash (schema 48 or later) made.

    The file is replaced in one step when all is done; until then, and after an error, it is as it was. No server may
    have it open. Without `has_statistics` the planner keeps what it knew of the empty database.

    Raises:
        RefusedError: not a Stash database, not empty, in use, left in mid-migration, or too old.
        LibraryError: no space, no permission, or a schema that demands what the generator does not know.
    """
    from stashbench.embedded.library import fill

    return fill(path, scene_count=scene_count, seed=seed, progress=progress, has_statistics=has_statistics)


def make_media(directory: Path, *, file_count: int, seed: int, progress: Progress | None = None) -> MediaSummary:
    """Fill a folder with small media files for a scan: videos, images, duplicates, broken ones; see `MediaSummary`.

    The folder may be missing, empty, or one made by this function, which is then emptied first.

    Raises:
        RefusedError: it holds files that are not ours.
        LibraryError: it cannot be written, or FFmpeg failed.
    """
    from stashbench.embedded.media_set import make_media as make

    return make(directory, file_count=file_count, seed=seed, progress=progress)


def cached_library(
    scene_count: int, seed: int, *, cache_directory: Path | None = None, progress: Progress | None = None
) -> Path:
    """Give the read-only cached library of this size and seed, generating it first if it is not there.

    Raises:
        LibraryError: the cache cannot be written, or the library does not fit on the disk.
    """
    from stashbench.embedded.cache import cached_library as find_or_generate

    return find_or_generate(scene_count, seed, cache_directory=cache_directory, progress=progress)
