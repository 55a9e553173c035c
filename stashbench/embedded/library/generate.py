"""Runs the steps of the generator in order and turns what can go wrong into one sentence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import apsw

from stashbench.embedded.library.helper import BatchSource, made_by_helper, made_here
from stashbench.embedded.library.loader import Loader
from stashbench.embedded.library.shape import estimate_bytes
from stashbench.embedded.library.steps import PASSES
from stashbench.embedded.schema import INDEXES
from stashbench.errors import LibraryError

GENERATOR_VERSION = 2
"""Raised with each change that changes the bytes of a library, so that no cached one is mistaken for a new one."""

Progress = Callable[[int, int], None]


_LARGE_SCENES = 20_000
_MIB = 2**20
_INDEX_SHARE, _ANALYSE_SHARE, _VACUUM_SHARE = 0.3, 0.15, 0.15  # of the time that loading takes


def generate(
    path: Path, *, scene_count: int, seed: int, progress: Progress | None = None, use_helper: bool | None = None
) -> None:
    """Write a library of `scene_count` scenes to `path`, which must not exist.

    `progress` is called with (done, total) in parts of the work, both growing from 0; the last call has done = total.
    With `use_helper` a second process makes up the rows while this one writes them, which changes nothing but the
    time; by default that is done for large libraries where a second core is there to use.
    A temporary file beside `path` takes as much room as the library itself while it is written.

    Raises:
        LibraryError: the size makes no sense, the file exists, or it cannot be written (disk full, no permission).
    """
    if scene_count < 0:
        message = f"a library cannot have {scene_count} scenes; ask for 0 or more"
        raise LibraryError(message)
    if path.exists():
        message = f"{path} exists already; remove it or choose another file for the library"
        raise LibraryError(message)
    _require_space(path, scene_count)
    draft = path.with_name(f"{path.name}.draft")
    if use_helper is None:
        use_helper = scene_count >= _LARGE_SCENES and _core_count() > 1
    source = made_by_helper(seed, scene_count) if use_helper else made_here(seed, scene_count)
    try:
        draft.unlink(missing_ok=True)
        with source as batches:
            _write(draft, path, scene_count, batches, progress or (lambda _done, _total: None))
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, apsw.Error | OSError):
            message = f"the library {path} could not be written ({error}); free some space or choose another folder"
            raise LibraryError(message) from error
        raise
    finally:
        draft.unlink(missing_ok=True)


def _core_count() -> int:
    """Give the number of cores this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _require_space(path: Path, scene_count: int) -> None:
    """Refuse a size that cannot fit, rather than fill the disk first: the draft and the library are there at once."""
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


def _write(draft: Path, path: Path, scene_count: int, batches: BatchSource, progress: Progress) -> None:
    loading = max(1, int(sum(step.rows_per_scene for step in PASSES) * scene_count))
    total = int(loading * (1 + _INDEX_SHARE + _ANALYSE_SHARE + _VACUUM_SHARE)) + 1
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done = min(done + rows, loading)
        progress(done, total)

    loader = Loader(draft, advance)
    try:
        for step in PASSES:
            loader.load(step.table, step.columns, batches(step))
        for number, _ in enumerate(loader.index(), start=1):
            progress(loading + int(loading * _INDEX_SHARE * number / len(INDEXES)), total)
        loader.analyse()
        progress(loading + int(loading * (_INDEX_SHARE + _ANALYSE_SHARE)), total)
        loader.vacuum_into(path)
    finally:
        loader.close()
    progress(total, total)
