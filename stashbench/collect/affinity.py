"""Which cores processes may run on: two servers that are compared must meet the same ones.

On a shared machine one core may be half as fast as another for seconds, when its neighbours work. Schedulers leave a
process where it is, so one server may have the fast core all the while. Measured on two virtual cores: the ratio of two
equal servers moved by 11 to 17 % from pass to pass where they ran freely, and by 0.4 to 1 % on one core together.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from stashbench.collect.process_clock import ProcessClock

FEWEST_CORES = 2
_SMALL_MACHINE = 4
_LOOKS = 5


def can_pin() -> bool:
    """Say whether this system lets us choose, and has cores to choose from."""
    return hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) >= FEWEST_CORES


def share_out(cores: Sequence[int], turn: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the cores for both servers and those for the client, others in each turn.

    One core for the servers where there are fewer than four, else half of all.
    """
    count = 1 if len(cores) < _SMALL_MACHINE else len(cores) // 2
    chosen = frozenset(cores[(turn * count + number) % len(cores)] for number in range(count))
    return chosen, frozenset(cores) - chosen


def pin(pid: int, cores: frozenset[int]) -> None:
    """Let a process, with its threads and descendants, run on these cores only; what it starts later too.

    What is gone meanwhile, or may not be told where to run, is passed over. A thread that was not told yet may start
    another behind our back, so we look until there is no new one.
    """
    told: set[int] = set()
    for _ in range(_LOOKS):
        new = _threads_of(pid) - told
        if not new:
            break
        for thread in new:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(thread, cores)
        told |= new


def _threads_of(pid: int) -> set[int]:
    """Return the threads of a process and its descendants that are there now."""
    found: set[int] = set()
    for process in ProcessClock(pid).pids:
        with contextlib.suppress(OSError):
            found.update(int(task.name) for task in Path(f"/proc/{process}/task").iterdir())
    return found


@contextlib.contextmanager
def at_home_afterwards() -> Iterator[tuple[int, ...]]:
    """Give the cores that this thread may use, and let it use all of them again afterwards."""
    before = os.sched_getaffinity(0)
    try:
        yield tuple(sorted(before))
    finally:
        os.sched_setaffinity(0, before)
