"""Where rows come from: made here, or by a second process that works while this one writes."""

from __future__ import annotations

import contextlib
import fcntl
import marshal
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import Struct
from typing import IO, Any

import stashbench
from stashbench.embedded.library.layout import Layout
from stashbench.embedded.library.passes import Pass
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.shape import Shape
from stashbench.errors import LibraryError

BatchSource = Callable[[Pass], Iterator[tuple[Any, ...]]]
"""Gives the batches of one step; the steps must be asked for in their order."""

LENGTH = Struct("<I")
"""Written before each batch; a length of 0 ends a step."""

_HELPER_MODULE = "stashbench.embedded.library.helper_main"
_PIPE_BYTES = 1 << 20
_LARGE_SCENES = 20_000


@contextmanager
def rows_of(
    seed: int, scene_count: int, *, layout: Layout | None = None, use_helper: bool | None = None
) -> Iterator[BatchSource]:
    """Make the rows where it is fastest, unless told where: large libraries by a helper if a second core is there."""
    if use_helper is None:
        use_helper = scene_count >= _LARGE_SCENES and _core_count() > 1
    with made_by_helper(seed, scene_count, layout) if use_helper else made_here(seed, scene_count) as batches:
        yield batches


def _core_count() -> int:
    """Give the number of cores this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def made_here(seed: int, scene_count: int) -> Iterator[BatchSource]:
    """Make the rows in this process, one batch at a time."""
    plan = Plan(seed=seed, shape=Shape(scene_count))
    yield lambda step: step.batches(plan)


@contextmanager
def made_by_helper(seed: int, scene_count: int, layout: Layout | None = None) -> Iterator[BatchSource]:
    """Let a helper process make the rows; it ends with the block, or with this process, however that ends.

    With a layout it makes them in the steps fitted to that layout, and they must be asked for in those.

    Raises:
        LibraryError: the helper ended before its work did.
    """
    command = [sys.executable, "-m", _HELPER_MODULE, str(seed), str(scene_count)]
    command += [layout.to_text()] if layout else []
    search_path = os.pathsep.join([str(Path(stashbench.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": search_path.rstrip(os.pathsep)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment) as process:
        assert process.stdout is not None
        pipe = process.stdout
        with contextlib.suppress(OSError, AttributeError):  # a small pipe is slower, nothing else
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        try:
            yield lambda _step: _received(pipe)
        finally:
            process.kill()


def _received(pipe: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    """Give the batches of one step as they arrive."""
    while header := pipe.read(LENGTH.size):
        (length,) = LENGTH.unpack(header)
        if not length:
            return
        data = pipe.read(length)
        if len(data) < length:
            break
        yield marshal.loads(data)  # noqa: S302 - what our own child wrote
    message = "the helper process that makes up the library's rows was ended; run the command again"
    raise LibraryError(message)
