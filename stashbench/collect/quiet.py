"""Waits until the machine is quiet, before times are taken.

Looked at every half second. Quiet is a stretch of five seconds in which nothing but us used more than a quarter of a
core, nor did any of the other limits of `analyse.quality` come into play: long enough that a program which works and
rests by turns is not taken for one that is gone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import NamedTuple

from stashbench.collect.machine_counters import Counters, read_counters
from stashbench.model.quality import MachineMoment

SLICE_SECONDS = 0.5
QUIET_SLICES = 10
_LEAST_SECONDS = 0.4
_SAID_EVERY_SECONDS = 4.0


class Waited(NamedTuple):
    """How long it took, and what still disturbed in the end; `disturbance` is empty if the machine became quiet."""

    seconds: float
    disturbance: str


def wait_until_quiet(
    limit_seconds: float,
    what_disturbs: Callable[[MachineMoment], str],
    say: Callable[[float, str], None],
    *,
    look: Callable[[], Counters] = read_counters,
    sleep: Callable[[float], None] = time.sleep,
) -> Waited:
    """Wait for a quiet stretch, `limit_seconds` at most. Ctrl-C ends it as it ends anything.

    `what_disturbs` says in words why a moment was not quiet; `say` is told the seconds left and what is waited for.
    Where the system tells nothing of what others do, that is the disturbance, and there is no waiting. A limit below
    five seconds makes the stretch as short, half a second at least.
    """
    first = before = look()
    if before.busy_seconds is None:
        return Waited(0.0, "this system does not tell how busy it is")
    needed = max(1, min(QUIET_SLICES, int(limit_seconds / SLICE_SECONDS)))
    calm, disturbance, said = 0, "", -math.inf
    # Slices are whole: the kernel counts in hundredths of a second, so that a short one would look quiet.
    for _ in range(max(1, int(limit_seconds / SLICE_SECONDS))):
        if calm >= needed or limit_seconds - (before.at_seconds - first.at_seconds) < _LEAST_SECONDS < limit_seconds:
            break
        sleep(SLICE_SECONDS)
        now = look()
        found = what_disturbs(moment_between(before, now))
        before = now
        calm = 0 if found else calm + 1
        disturbance = found or disturbance
        waited = now.at_seconds - first.at_seconds
        if waited >= said + _SAID_EVERY_SECONDS:
            said = waited
            say(max(limit_seconds - waited, 0.0), f"waiting for a quiet machine: {found or 'quiet by now'}")
    return Waited(before.at_seconds - first.at_seconds, "" if calm >= needed else disturbance)


def moment_between(before: Counters, after: Counters) -> MachineMoment:
    """Return how busy the machine was between two readings."""
    seconds = max(after.at_seconds - before.at_seconds, 1e-9)

    def share(name: str) -> float | None:
        values = getattr(before, name), getattr(after, name)
        return None if None in values else 100.0 * (values[1] - values[0]) / seconds

    busy, steal, total = (share(name) for name in ("busy_seconds", "steal_seconds", "total_seconds"))
    own = share("own_cpu_seconds") or 0.0
    return MachineMoment(
        busy_cores=None if busy is None else max(busy - (steal or 0.0) - own, 0.0) / 100.0,
        steal_percent=None if steal is None or not total else 100.0 * steal / total,
        io_pressure_percent=share("io_pressure_seconds"),
        memory_pressure_percent=share("memory_pressure_seconds"),
    )
