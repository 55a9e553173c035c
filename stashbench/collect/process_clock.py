"""Processor time of other processes to the nanosecond, and their memory: one system call each, cheap between blocks."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from stashbench.collect.sampler.proc_files import parse_peak

_CPUCLOCK_SCHED = 2


class ProcessClock:
    """Adds up what a process and its descendants use; `look_around` finds descendants started since.

    The kernel keeps a clock for every process (clock_getcpuclockid(3)); it counts all its threads and stands behind
    no tick. A descendant that starts and ends between two looks is not seen: page requests start none.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._pids: tuple[int, ...] = (pid,)
        self.look_around()

    def look_around(self) -> None:
        """Find the descendants that run now."""
        found = [self._pid]
        for pid in found:
            found += _children(pid)
        self._pids = tuple(found)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process and the descendants that were there at the last look."""
        return self._pids

    def cpu_seconds(self) -> dict[int, float]:
        """Return the processor time of each process so far; a descendant that has ended is left out.

        Empty if the process itself has ended: what is left of its children is not what it used.
        """
        times = {}
        for pid in self._pids:
            try:
                times[pid] = time.clock_gettime_ns(_clock_of(pid)) / 1e9
            except OSError:
                if pid == self._pid:
                    return {}
        return times

    def rss_bytes(self) -> int | None:
        """Return the resident memory of all, or None where it cannot be read."""
        sizes = [size for pid in self._pids if (size := _resident_bytes(pid)) is not None]
        return sum(sizes) if sizes else None

    def peak_rss_bytes(self) -> int | None:
        """Return the most memory the process itself ever had, by the kernel's own mark."""
        try:
            return parse_peak(Path(f"/proc/{self._pid}/status").read_bytes())
        except OSError:
            return None


def can_read_clocks() -> bool:
    """Say whether this system gives the clocks of other processes: Linux does."""
    return sys.platform.startswith("linux")


def used_between(before: dict[int, float], after: dict[int, float]) -> float | None:
    """Return the seconds used between two readings by the processes in both; None where a reading is empty."""
    if not before or not after:
        return None
    return sum(after[pid] - before[pid] for pid in before.keys() & after.keys())


def _clock_of(pid: int) -> int:
    return (~pid << 3) | _CPUCLOCK_SCHED


def _children(pid: int) -> list[int]:
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return found
    return found


def _resident_bytes(pid: int) -> int | None:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
    except (OSError, IndexError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
