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

from stashbench.embedded.library.fitting import Fitted, fit, table_names
from stashbench.embedded.library.generate import Progress, Work, require_space
from stashbench.embedded.library.helper import rows_of
from stashbench.embedded.library.layout import Layout, read_layout
from stashbench.embedded.library.loader import Loader
from stashbench.embedded.library.numbers import LibraryNumbers, count_numbers
from stashbench.embedded.library.original import Original, hold
from stashbench.errors import LibraryError, RefusedError

OLDEST_SCHEMA = 48


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

    Beside the file two temporary ones (`.draft`, `.filled`) take as much room as the library each. With
    `has_statistics` the planner gets full ones, as from Stash's own optimise task; without, it keeps those of the empty
    database, as in a library that was scanned and never optimised.

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
    names = path.with_name(f"{path.name}.draft"), path.with_name(f"{path.name}.filled")
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
    layout, indexes, version = _inspect(draft, original.path)
    fitted: Fitted = fit(layout)
    with rows_of(seed, scene_count, layout=layout, use_helper=use_helper) as batches:
        work = Work(fitted.passes, scene_count, progress or (lambda _done, _total: None))
        loader = Loader(draft, work.advance, prepare=lambda connection: _drop(connection, indexes), indexes=indexes)
        try:
            work.load(loader, batches, len(indexes))
            _require_whole(loader.connection)
            numbers = count_numbers(loader.connection, layout)
            work.finish(loader, finished, has_statistics=has_statistics, journal_mode=original.journal_mode)
        finally:
            loader.close()
    original.replace_by(finished)
    return FilledLibrary(version, numbers, fitted.left_out)


def _inspect(draft: Path, path: Path) -> tuple[Layout, dict[str, str], int]:
    """Look at the copy: return its layout, its indexes by name in their order, and its version; or refuse it."""
    connection = apsw.Connection(str(draft), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.execute("PRAGMA journal_mode=delete").fetchall()  # a private copy needs no log beside it
        layout = read_layout(connection)
        if not {"schema_migrations", "scenes", "files"} <= layout.tables.keys():
            message = f"{path} is not a Stash database: it lacks Stash's tables; check the path."
            raise RefusedError(message)
        version = _version(connection, path)
        known = table_names()
        for table in sorted(layout.tables.keys() & known):
            if connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():  # noqa: S608 - a name of our own list
                message = (
                    f"{path} is not empty: the table {table} has rows; start Stash on an empty home for a new one."
                )
                raise RefusedError(message)
        indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid"
        return layout, {str(name): str(sql) for name, sql in connection.execute(indexes)}, version
    finally:
        connection.close()


def _version(connection: apsw.Connection, path: Path) -> int:
    row = connection.execute("SELECT version, dirty FROM schema_migrations").fetchone()
    if row is None:
        message = f"{path} has no schema version; start Stash once on it, so that it makes its tables."
        raise RefusedError(message)
    version, is_dirty = int(row[0]), bool(row[1])
    if is_dirty:
        message = (
            f"{path} was left in the middle of a migration to schema {version}; remove it and let Stash make a new one."
        )
        raise RefusedError(message)
    if version < OLDEST_SCHEMA:
        message = (
            f"{path} has schema {version}; the oldest one that can be filled is {OLDEST_SCHEMA}, that of Stash v0.22."
        )
        raise RefusedError(message)
    return version


def _drop(connection: apsw.Connection, indexes: dict[str, str]) -> None:
    """Drop the named indexes; making them after the rows is far cheaper, and their order stays."""
    for name in indexes:
        quoted = name.replace('"', '""')
        connection.execute(f'DROP INDEX "{quoted}"')


def _require_whole(connection: apsw.Connection) -> None:
    """Refuse rows that point nowhere, which a schema we do not know could make of ours."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        message = (
            f"rows of the table {broken[0]} would refer to nothing in {broken[2]}: this release's schema is not known"
        )
        raise LibraryError(message)
