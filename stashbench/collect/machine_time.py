"""What else the machine did during a stretch of time: stolen time, and work that was neither ours nor the server's."""

from __future__ import annotations

import os
import time

from stashbench.collect.machine import text_of
from stashbench.collect.sampler.proc_files import parse_cpu


class MachineTime:
    """Begins with its making; None throughout where the system does not tell."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._ticks = _ticks()
        self._own = _own_seconds()

    def steal_and_foreign(self, servers_cpu_seconds: float | None) -> tuple[float | None, float | None]:
        """Return stolen time in percent, and how many cores others kept busy on average.

        `servers_cpu_seconds` is what the servers under test used meanwhile; None leaves the second unknown.
        """
        now = _ticks()
        if now is None or self._ticks is None:
            return None, None
        busy, total, steal = (after - before for after, before in zip(now, self._ticks, strict=True))
        if total <= 0:
            return None, None
        stolen = 100.0 * steal / total
        if servers_cpu_seconds is None:
            return stolen, None
        seconds = time.monotonic() - self._begun
        busy_seconds = (busy - steal) / os.sysconf("SC_CLK_TCK")
        foreign = busy_seconds - (_own_seconds() - self._own) - servers_cpu_seconds
        return stolen, max(foreign, 0.0) / seconds if seconds > 0 else None


def _ticks() -> tuple[int, int, int] | None:
    text = text_of("/proc/stat")
    return parse_cpu(text.encode() + b"\n") if text else None


def _own_seconds() -> float:
    used = os.times()
    return used.user + used.system
