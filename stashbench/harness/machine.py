"""The machine during an audit: a quiet one to begin with, and what others did on it while pages were timed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stashbench.analyse.quality import STORED, still_busy, unfit_reasons, what_disturbs
from stashbench.collect.machine_watch import MachineWatch
from stashbench.collect.process_clock import ProcessClock, can_read_clocks
from stashbench.collect.quiet import Waited, wait_until_quiet
from stashbench.model.quality import MachineQuality

if TYPE_CHECKING:
    from collections.abc import Callable

    from stashbench.harness.progress import Progress
    from stashbench.target import OpenTarget

_ELSEWHERE = "the server's machine: it is another one, of which nothing was watched while pages were timed"


class AuditedMachine:
    """Watches the parts of an audit in which pages are timed (`watch.part()`), and says in the end what was seen.

    `target` returns the open server, which is another process after each start anew.
    """

    def __init__(self, target: Callable[[], OpenTarget], progress: Progress, *, quiet_limit_seconds: float) -> None:
        self._target = target
        self._progress = progress
        self._quiet_limit_seconds = quiet_limit_seconds
        self._waited = Waited(0.0, "")
        pid = target().info.pid
        self.watch = MachineWatch(self._used_seconds, pids=() if pid is None else (pid,))

    def wait_until_quiet(self) -> str:
        """Wait if that was asked for; return what to warn of if it never became quiet, else nothing."""
        if self._quiet_limit_seconds > 0:
            self._waited = wait_until_quiet(self._quiet_limit_seconds, what_disturbs, self._progress.waiting)
            pid = self._target().info.pid
            # Load and what the groups of processes went through meanwhile are not part of the measurement.
            self.watch = MachineWatch(self._used_seconds, pids=() if pid is None else (pid,))
        return still_busy(self._waited.seconds, self._waited.disturbance)

    def quality(self, cpu_count: int) -> MachineQuality | None:
        """Return what was seen, and whether times may be held against other sessions; None if nothing was timed."""
        target = self._target()
        seen = self.watch.quality(reconnect_count=target.client.reconnect_count, waited_seconds=self._waited.seconds)
        if seen is None:
            return None
        if not target.is_here:
            seen = replace(seen, not_measured=(*seen.not_measured, _ELSEWHERE))
        return replace(seen, unfit_reasons=unfit_reasons(seen, STORED, cpu_count))

    def _used_seconds(self) -> float | None:
        """Return the processor time of our helpers and of the server so far; None where the server's is not known."""
        target = self._target()
        pid = target.info.pid
        if not can_read_clocks() or (target.is_here and pid is None):
            return None
        times = ProcessClock(os.getpid()).cpu_seconds()
        times.pop(os.getpid(), None)  # the watch itself takes our own off
        if pid is not None and target.is_here:
            times |= ProcessClock(pid).cpu_seconds()
        return sum(times.values())
