"""Which process it is, for good: numbers are given anew after a restart, so the start time belongs to it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from stashbench.collect.sampler.proc_files import parse_stat
from stashbench.collect.sampler.process import TICKS_PER_SECOND

PROC = Path("/proc")


class ProcessIdentity(NamedTuple):
    """A process number and when it began, in a unit that only equality and `age_seconds` know."""

    pid: int
    begun: float

    def age_seconds(self) -> float | None:
        """Return how long ago the process began; None where the system does not count from a clock we can read."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME) - self.begun
        return time.time() - self.begun


def identity_of(pid: int, proc: Path = PROC) -> ProcessIdentity | None:
    """Return who runs under a number now; None where nobody does, a zombie included. Costs some microseconds."""
    if not (proc / "self" / "stat").exists():
        return _portable_identity(pid)
    try:
        stat = parse_stat((proc / str(pid) / "stat").read_bytes())
    except (OSError, ValueError, IndexError):
        return None
    return None if stat.state in "ZX" else ProcessIdentity(pid, stat.start_ticks / TICKS_PER_SECOND)


def _portable_identity(pid: int) -> ProcessIdentity | None:
    import psutil  # type: ignore[import-untyped]  # ships no types

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else ProcessIdentity(pid, process.create_time())
    except psutil.Error:
        return None
