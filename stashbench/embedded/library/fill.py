"""Adds a generated library to an empty database that a Stash of any release made.

All work is done on private copies beside the file; the file itself is replaced in one step at the end, so that whatever
stops us leaves it as it was.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw

from stashbench.embedded.library.empty import (
    Statistics,
    drop_indexes,
    inspect,
    put_back,
    read_statistics,
    require_whole,
)
from stashbench.embedded.library.fitting import fit
from stashbench.embedded.library.generate import Progress, Work, require_space
from stashbench.embedded.library.helper import rows_of
from stashbench.embedded.library.loader import Loader
from stashbench.embedded.library.numbers import LibraryNumbers, count_numbers
from stashbench.embedded.library.original import Original, hold
from stashbench.errors import LibraryError, RefusedError


@dataclass(frozen=True, slots=True)
class FilledLibrary:
    """What was put into a database; `left_out` names tables and columns for which its schema has no place."""

    schema_version: int
    numbers: LibraryNumbers
    left_out: tuple[str, ...]


def fill(
    path: Path,
    *,
    scene_count: int,
    seed: int,
    progress: Progress | None = None,
    use_helper: bool | None = None,
    has_statistics: bool = True,
) -> FilledLibrary:
    """Add a library of `scene_count` scenes to the empty Stash database at `path`; mode and owner of the file stay.

    Beside the file two temporary ones (`.stashbench-draft`, `.stashbench-filled`) take as much room as the library
    each. With `has_statistics` the planner gets full ones, as from Stash's own optimise task; without, it keeps those
    of the empty database, as in a library that was scanned and never optimised.

    Raises:
        RefusedError: not a Stash database, not empty, in use, left in mid-migration, or older than schema 48.
        LibraryError: no space, no permission, or a schema that demands what the generator does not know.
    """
    with hold(path) as original, _temporary(original.path) as (draft, finished):
        require_space(original.path, scene_count)
        try:
            original.copy_to(draft)
            return _fill(original, draft, finished, scene_count, seed, progress, use_helper, has_statistics)
        except apsw.ConstraintError as error:
            message = f"the database {path} refuses a generated row ({error}); this release's schema is not known here"
            raise LibraryError(message) from error
        except apsw.NotADBError as error:
            message = f"{path} is not an SQLite database, or an encrypted one; check the path."
            raise RefusedError(message) from error
        except (apsw.Error, OSError) as error:
            message = f"the database {path} could not be filled ({error}); it is as it was"
            raise LibraryError(message) from error


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[tuple[Path, Path]]:
    """Give the names of the two temporary files; what a killed run left under them goes, as do ours at the end.

    Only who holds the original comes here, so nobody else is at work on them.
    """
    names = path.with_name(f"{path.name}.stashbench-draft"), path.with_name(f"{path.name}.stashbench-filled")
    endings = ("", "-wal", "-shm", "-journal")
    leftovers = [name.with_name(name.name + ending) for name in names for ending in endings]

    def sweep() -> None:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)

    sweep()
    try:
        yield names
    finally:
        sweep()


def _fill(
    original: Original,
    draft: Path,
    finished: Path,
    scene_count: int,
    seed: int,
    progress: Progress | None,
    use_helper: bool | None,
    has_statistics: bool,
) -> FilledLibrary:
    database = inspect(draft, original.path)
    statistics: Statistics = {}

    def prepare(connection: apsw.Connection) -> None:
        statistics.update(read_statistics(connection))
        drop_indexes(connection, database.indexes)

    fitted = fit(database.layout)
    with rows_of(seed, scene_count, layout=database.layout, use_helper=use_helper) as batches:
        work = Work(fitted.passes, scene_count, progress or (lambda _done, _total: None))
        loader = Loader(draft, work.advance, prepare=prepare, indexes=database.indexes)
        try:
            work.load(loader, batches, len(database.indexes))
            require_whole(loader.connection)
            put_back(loader.connection, statistics)
            numbers = count_numbers(loader.connection, database.layout)
            work.finish(loader, finished, has_statistics=has_statistics, journal_mode=original.journal_mode)
        finally:
            loader.close()
    original.replace_by(finished)
    return FilledLibrary(database.schema_version, numbers, fitted.left_out)
