"""The database a server we start works on: made empty by the server itself, filled by our generator, and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from stashbench.collect.sqlite_file import open_read_only
from stashbench.errors import LibraryError, RefusedError, UsageError
from stashbench.target.given_database import copy_given
from stashbench.target.managed.migration import migrate_copy
from stashbench.target.managed.process import STOP_SECONDS, start_server
from stashbench.target.private_copy import copy_privately, private_directory

Progress = Callable[[int, int], None]
Numbers = Mapping[str, float]
_HASH_DIGITS = 16
_BLOCK_BYTES = 1 << 20


def filled_database(
    binary: Path,
    *,
    scene_count: int,
    seed: int,
    timeout_seconds: float,
    cache_directory: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Path, Numbers]:
    """Give a read-only database that this program made and our generator filled, and the numbers of what is in it.

    Copy it before it is served.

    Programs that make the same empty database share the filled one, byte for byte.

    Raises:
        UsageError: the program cannot be executed.
        RefusedError: its database is too old for the generator.
        TargetError: it does not come up, or is no Stash.
        LibraryError: the cache cannot be written, or the library does not fit on the disk.
    """
    from stashbench.embedded.cache import default_cache_directory, make_once
    from stashbench.embedded.library import GENERATOR_VERSION
    from stashbench.embedded.library.empty import OLDEST_SCHEMA
    from stashbench.target.library import fill_library

    directory = cache_directory or default_cache_directory()
    empty = _empty_database(binary, directory, timeout_seconds)
    version, form = _schema(empty)
    if version < OLDEST_SCHEMA:
        message = (
            f"{binary} makes a database of schema {version}, and the oldest one that can be filled is {OLDEST_SCHEMA}, "
            "that of Stash v0.22: give a newer program."
        )
        raise RefusedError(message)
    name = f"library-v{GENERATOR_VERSION}-schema{version}-{form}-seed{seed}-scenes{scene_count}"
    numbers_file = directory / f"{name}.json"

    def fill(partial: Path) -> None:
        copy_privately(empty, partial)
        try:
            filled = fill_library(partial, scene_count=scene_count, seed=seed, progress=progress)
            numbers_file.write_bytes(msgspec.json.encode(filled.numbers))
        except BaseException:
            partial.unlink(missing_ok=True)
            raise

    path = make_once(directory / f"{name}.sqlite", fill)
    return path, _read_numbers(numbers_file)


@contextmanager
def given_library(
    binary: Path, given: Path, *, timeout_seconds: float, cache_directory: Path | None = None
) -> Iterator[tuple[Path, str]]:
    """Give a private copy of a user's database, brought to the program's schema, and how it was, in words.

    The copy is gone after the block. Errors as for `filled_database`, and DatabaseFileError where it cannot be read.
    """
    from stashbench.embedded.cache import default_cache_directory

    own, _ = _schema(_empty_database(binary, cache_directory or default_cache_directory(), timeout_seconds))
    with private_directory() as home:
        path = home / "stash-go.sqlite"
        schema = copy_given(given, path)
        if schema > own:
            message = (
                f"{given} has schema {schema}, and {binary} knows none above {own}: give a newer program, or a backup "
                "made before the upgrade."
            )
            raise RefusedError(message)
        if schema == own:
            yield path, ""
            return
        reached = migrate_copy(binary, home, start_seconds=timeout_seconds)
        yield path, f"its schema was migrated from {schema} to {reached}, on our copy only"


def _empty_database(binary: Path, directory: Path, timeout_seconds: float) -> Path:
    from stashbench.embedded.cache import make_once

    return make_once(
        directory / f"library-empty-{_digest_of_file(binary)}.sqlite",
        lambda partial: _make_empty(binary, partial, timeout_seconds),
    )


def _read_numbers(path: Path) -> Numbers:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, float])
    except (OSError, msgspec.DecodeError) as error:
        library = path.with_suffix(".sqlite")
        message = f"{path}, which belongs to the library beside it, cannot be read; remove {library} to make it again."
        raise LibraryError(message) from error


def _make_empty(binary: Path, path: Path, timeout_seconds: float) -> None:
    """Let the program make its database and end, so that all of it is in one file."""
    with private_directory() as home:
        process, _ = start_server(binary, home, log_level="Info", cache_size=None, timeout_seconds=timeout_seconds)
        process.stop()
        database = process.scratch.database
        if not database.is_file():
            message = f"{binary} made no database at {database} although its settings say so: is it a Stash program?"
            raise LibraryError(message)
        log = database.with_name(f"{database.name}-wal")
        if log.exists() and log.stat().st_size:
            message = f"{binary} did not close its new database within {STOP_SECONDS:g} s of being asked: try again."
            raise LibraryError(message)
        copy_privately(database, path)


def _digest_of_file(binary: Path) -> str:
    digest = hashlib.sha256()
    try:
        with binary.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        message = f"{binary}, given by --stash-binary, cannot be read: {error.strerror}; give the Stash program itself."
        raise UsageError(message) from error
    return digest.hexdigest()[:_HASH_DIGITS]


def _schema(database: Path) -> tuple[int, str]:
    """Return the version of an empty database, and a hash of what its tables and indexes look like."""
    with open_read_only(database) as (connection, *_):
        ((version,),) = connection.execute("SELECT version FROM schema_migrations").fetchall()
        rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    return int(version), hashlib.sha256(repr(rows).encode()).hexdigest()[:_HASH_DIGITS]
