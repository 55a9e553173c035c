"""Runs the steps of the generator in order and turns what can go wrong into one sentence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw

from stashbench.embedded.library.helper import BatchSource, rows_of
from stashbench.embedded.library.loader import Loader
from stashbench.embedded.library.passes import Pass
from stashbench.embedded.library.shape import estimate_bytes
from stashbench.embedded.library.steps import PASSES
from stashbench.embedded.schema import INDEXES, create_tables
from stashbench.errors import LibraryError

GENERATOR_VERSION = 2
"""Raised with each change that changes the bytes of a library, so that no cached one is mistaken for a new one."""

Progress = Callable[[int, int], None]

_MIB = 2**20
_INDEX_SHARE, _ANALYSE_SHARE, _VACUUM_SHARE = 0.3, 0.15, 0.15  # of the time that loading takes


def generate(
    path: Path,
    *,
    scene_count: int,
    seed: int,
    progress: Progress | None = None,
    use_helper: bool | None = None,
    has_statistics: bool = True,
) -> None:
    """Write a library of `scene_count` scenes to `path`, which must not exist.

    `progress` is called with (done, total) in parts of the work, both growing from 0; the last call has done = total.
    With `use_helper` a second process makes up the rows while this one writes them, which changes nothing but the
    time; by default that is done for large libraries where a second core is there to use.
    A temporary file beside `path` takes as much room as the library itself while it is written.
    Without `has_statistics` the planner gets none, as in a library that Stash never optimised.

    Raises:
        LibraryError: the size makes no sense, the file exists, or it cannot be written (disk full, no permission).
    """
    if path.exists():
        message = f"{path} exists already; remove it or choose another file for the library"
        raise LibraryError(message)
    require_space(path, scene_count)
    draft = path.with_name(f"{path.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        with rows_of(seed, scene_count, use_helper=use_helper) as batches:
            work = Work(PASSES, scene_count, progress or (lambda _done, _total: None))
            loader = Loader(draft, work.advance, prepare=create_tables, indexes=INDEXES)
            try:
                work.load(loader, batches, len(INDEXES))
                work.finish(loader, path, has_statistics=has_statistics)
            finally:
                loader.close()
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, apsw.Error | OSError):
            message = f"the library {path} could not be written ({error}); free some space or choose another folder"
            raise LibraryError(message) from error
        raise
    finally:
        draft.unlink(missing_ok=True)


def require_space(path: Path, scene_count: int) -> None:
    """Refuse a size that cannot fit, rather than fill the disk first: the draft and the library are there at once.

    Raises:
        LibraryError: the size makes no sense, or there is no room for it beside `path`.
    """
    if scene_count < 0:
        message = f"a library cannot have {scene_count} scenes; ask for 0 or more"
        raise LibraryError(message)
    try:
        free_bytes = shutil.disk_usage(path.parent).free
    except OSError as error:
        message = f"the folder {path.parent} cannot be used ({error.strerror}); choose another one for the library"
        raise LibraryError(message) from error
    needed_bytes = 2 * estimate_bytes(scene_count)
    if needed_bytes > free_bytes:
        message = (
            f"a library of {scene_count:,} scenes needs about {needed_bytes / _MIB:,.0f} MiB while it is written and "
            f"{path.parent} has {free_bytes / _MIB:,.0f} MiB free; ask for fewer scenes or choose another disk"
        )
        raise LibraryError(message)


class Work:
    """Runs the steps on a loader and says how far it is: `progress(done, total)`, in rows and what takes as long."""

    def __init__(self, passes: Sequence[Pass], scene_count: int, progress: Progress) -> None:
        self._passes, self._progress = passes, progress
        self._loading = max(1, int(sum(step.rows_per_scene for step in passes) * scene_count))
        self._total = int(self._loading * (1 + _INDEX_SHARE + _ANALYSE_SHARE + _VACUUM_SHARE)) + 1
        self._done = 0

    def advance(self, rows: int) -> None:
        """Note rows that were loaded."""
        self._done = min(self._done + rows, self._loading)
        self._progress(self._done, self._total)

    def load(self, loader: Loader, batches: BatchSource, index_count: int) -> None:
        """Load all rows and make the indexes."""
        for step in self._passes:
            loader.load(step.table, step.columns, batches(step))
        for number, _ in enumerate(loader.index(), start=1):
            self._progress(self._loading + int(self._loading * _INDEX_SHARE * number / index_count), self._total)

    def finish(self, loader: Loader, path: Path, *, has_statistics: bool, journal_mode: str = "wal") -> None:
        """Gather statistics if they are wanted, and write the finished file to `path`."""
        if has_statistics:
            loader.analyse()
        self._progress(self._loading + int(self._loading * (_INDEX_SHARE + _ANALYSE_SHARE)), self._total)
        loader.vacuum_into(path, journal_mode=journal_mode)
        self._progress(self._total, self._total)
