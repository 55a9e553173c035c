"""The server's process and all its descendants, found and read through Linux's /proc."""

from __future__ import annotations

import os

from stashbench.collect.sampler.accounts import Account, Totals, account_of, lost_totals
from stashbench.collect.sampler.process import TrackedProcess
from stashbench.collect.sampler.readings import ProcessMemory, TreeReading

_PASSES = 3


class ProcessTree:
    """A process tree whose counters include children that lived and ended between two readings.

    `events` are things worth a warning (the server ended); `reasons` say what cannot be read here, and why.
    """

    def __init__(self, pid: int) -> None:
        self.events: list[str] = []
        self.reasons: list[str] = []
        self._processes: dict[int, TrackedProcess] = {}
        self._accounts: dict[int, Account] = {}
        self._lost = Totals()
        self._highest = TreeReading()
        self._ended_count = 0
        self._ignored = {os.getpid()}
        self._root = pid
        self._is_root_running = False
        self.follow(pid)

    def follow(self, pid: int) -> None:
        """Take another process as root; what was used so far stays counted."""
        self._root = pid
        try:
            process = self._processes.get(pid) or TrackedProcess(pid)
        except OSError as error:
            self._note(f"process {pid} cannot be read ({error.strerror}): is it the server's, and does it run?")
            return
        self._processes[pid] = process
        self._is_root_running = True
        if process.io is None:
            process.read()
        if process.io is None:
            self._note(f"/proc/{pid}/io is not readable by this user, so disk reads and writes are unknown")

    def read(self, *, has_peaks: bool = True) -> TreeReading:
        """Read the tree; done anew when a process ended meanwhile, so that nothing is counted twice or not at all.

        Without `has_peaks` the peak mark of the root is left out, which lasts and can be asked at the end of a span;
        its children's are read each time, because they may be gone by then.
        """
        for _ in range(_PASSES):
            self._discover()
            if self._read_processes(has_peaks=has_peaks):
                break
        accounts = {pid: account_of(process) for pid, process in self._processes.items()}
        self._lost = self._lost.plus(lost_totals(self._accounts, accounts))
        self._accounts = accounts
        return self._sum()

    def memory(self) -> list[ProcessMemory]:
        """Memory of each process, as of the last reading."""
        return [ProcessMemory(item.key, item.rss_bytes, item.peak_bytes) for item in self._processes.values()]

    def reset_peaks(self) -> set[tuple[int, int]]:
        """Set the kernel's peak marks back; return the processes for which that was permitted."""
        return {process.key for process in self._processes.values() if process.reset_peak()}

    def ended_mark(self) -> tuple[int, int]:
        """Return a mark that changes whenever a process of the tree has ended, however short its life.

        Page faults of collected children are part of it: they grow even for a child no reading ever saw.
        """
        return self._ended_count, sum(process.stat.child_fault_count for process in self._processes.values())

    def close(self) -> None:
        """Close all descriptors."""
        for process in self._processes.values():
            process.close()
        self._processes.clear()

    def _discover(self) -> None:
        waiting = list(self._processes.values())
        while waiting:
            parent = waiting.pop()
            for pid in parent.children():
                if pid in self._processes or pid in self._ignored:
                    continue
                try:
                    process = TrackedProcess(pid)
                except OSError:  # it ended between being listed and being opened
                    continue
                if process.stat.parent_pid != parent.pid:  # the number was reused by a stranger
                    process.close()
                    continue
                self._processes[pid] = process
                waiting.append(process)

    def _read_processes(self, *, has_peaks: bool) -> bool:
        ended = []
        for pid, process in self._processes.items():
            try:
                process.read(has_peak=has_peaks or pid != self._root)
            except ProcessLookupError:
                ended.append(pid)
        for pid in ended:
            self._processes.pop(pid).close()
            self._ended_count += 1
        self._notice_end_of_root()
        return not ended

    def _notice_end_of_root(self) -> None:
        root = self._processes.get(self._root)
        # A zombie has ended, too: only nobody has asked yet how.
        if self._is_root_running and (root is None or root.stat.state == "Z"):
            self._is_root_running = False
            self.events.append(f"the server process {self._root} ended")

    def _sum(self) -> TreeReading:
        processes = list(self._processes.values())
        if not processes and not self._ended_count:
            return TreeReading()
        totals = self._lost
        for account in self._accounts.values():
            totals = totals.plus(account.totals)
        highest = self._highest
        knows_io = all(process.io is not None for process in processes)
        descriptors = [process.descriptor_count for process in processes]
        # Counters are held at their highest: the kernel's hundredths of a second for collected children can lie
        # just below the nanoseconds we read while they lived.
        self._highest = TreeReading(
            cpu_seconds=max(totals.cpu_seconds, highest.cpu_seconds or 0.0),
            rss_bytes=sum(process.rss_bytes for process in processes) if processes else None,
            read_bytes=max(totals.read_bytes, highest.read_bytes or 0) if knows_io else None,
            written_bytes=max(totals.written_bytes, highest.written_bytes or 0) if knows_io else None,
            logical_read_bytes=max(totals.logical_read_bytes, highest.logical_read_bytes or 0) if knows_io else None,
            thread_count=sum(process.stat.thread_count for process in processes) if processes else None,
            descriptor_count=sum(filter(None, descriptors)) if processes and None not in descriptors else None,
            process_count=len(processes),
        )
        return self._highest

    def _note(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)
