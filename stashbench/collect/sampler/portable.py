"""The same readings through psutil, for systems without Linux's /proc; also the cross-check of our own reader.

Dearer and less exact: a child that lives and ends between two readings is not seen, and peaks are only as good as
the sampling.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # ships no types

from stashbench.collect.sampler.readings import HostReading, ProcessMemory, TreeReading

_TICKS = 100


class PortableTree:
    """A process tree read with psutil; counters of ended processes stay counted as of their last reading."""

    def __init__(self, pid: int) -> None:
        self.events: list[str] = []
        self.reasons = ["exact peak memory and children shorter than one sample: psutil sees neither"]
        self._root: psutil.Process | None = None
        self._used: dict[tuple[int, int], tuple[float, int, int]] = {}
        self._memory: list[ProcessMemory] = []
        self._ended_count = 0
        self._has_io = True
        self.follow(pid)

    def follow(self, pid: int) -> None:
        """Take another process as root."""
        try:
            self._root = psutil.Process(pid)
        except psutil.Error:
            self.reasons.append(f"process {pid} cannot be read: is it the server's, and does it run?")

    def read(self, *, has_peaks: bool = True) -> TreeReading:  # noqa: ARG002 - psutil knows none
        """Read the whole tree once."""
        before = {item.key for item in self._memory}
        self._memory = []
        threads = descriptors = 0
        for process in self._processes():
            with suppress(psutil.Error), process.oneshot():
                key = (process.pid, int(process.create_time() * _TICKS))
                times = process.cpu_times()
                self._used[key] = (times.user + times.system, *self._io_of(process))
                threads += process.num_threads()
                descriptors += _descriptors_of(process)
                self._memory.append(ProcessMemory(key, process.memory_info().rss, None))
        self._ended_count += len(before - {item.key for item in self._memory})
        if not self._used:
            return TreeReading()
        used = list(self._used.values())
        return TreeReading(
            cpu_seconds=sum(item[0] for item in used),
            rss_bytes=sum(item.rss_bytes for item in self._memory) if self._memory else None,
            read_bytes=sum(item[1] for item in used) if self._has_io else None,
            written_bytes=sum(item[2] for item in used) if self._has_io else None,
            thread_count=threads or None,
            descriptor_count=descriptors or None,
            process_count=len(self._memory),
        )

    def memory(self) -> list[ProcessMemory]:
        """Memory of each process, as of the last reading."""
        return self._memory

    def reset_peaks(self) -> set[tuple[int, int]]:
        """Do nothing: psutil knows no peak marks."""
        return set()

    def ended_mark(self) -> tuple[int, int]:
        """Return a mark that changes when a process that was seen has ended."""
        return self._ended_count, 0

    def close(self) -> None:
        """Release nothing: psutil holds nothing open."""

    def _processes(self) -> list[psutil.Process]:
        if self._root is None:
            return []
        try:
            children = self._root.children(recursive=True)
        except psutil.Error:
            self.events.append(f"the server process {self._root.pid} ended")
            self._root = None
            return []
        return [self._root, *(child for child in children if child.pid != os.getpid())]

    def _io_of(self, process: psutil.Process) -> tuple[int, int]:
        try:
            counters = process.io_counters()
        except (psutil.AccessDenied, AttributeError):  # macOS has no per-process I/O at all
            if self._has_io:
                self.reasons.append("disk reads and writes of the process: this system does not tell them")
            self._has_io = False
            return 0, 0
        return counters.read_bytes, counters.write_bytes


class PortableHost:
    """The machine read with psutil; pressure is Linux's own and stays None."""

    def __init__(self, database_directory: Path | None) -> None:
        self.events: list[str] = []
        self._directory = database_directory
        self.source = "disk I/O of all disks, read with psutil"

    def read(self) -> HostReading:
        """Read the machine once."""
        cpu = psutil.cpu_times()
        total = sum(cpu) - getattr(cpu, "guest", 0.0) - getattr(cpu, "guest_nice", 0.0)
        busy = total - cpu.idle - getattr(cpu, "iowait", 0.0)
        memory = psutil.virtual_memory()
        disks = psutil.disk_io_counters()
        network = psutil.net_io_counters()
        return HostReading(
            host_time_seconds=time.monotonic(),
            cpu_busy_ticks=round(busy * _TICKS),
            cpu_total_ticks=round(total * _TICKS),
            cpu_steal_ticks=round(cpu.steal * _TICKS) if hasattr(cpu, "steal") else None,
            memory_used_bytes=memory.total - memory.available,
            memory_available_bytes=memory.available,
            disk_read_bytes=disks.read_bytes if disks else None,
            disk_written_bytes=disks.write_bytes if disks else None,
            swap_used_bytes=psutil.swap_memory().used,
            disk_operation_count=disks.read_count + disks.write_count if disks else None,
            disk_free_bytes=psutil.disk_usage(str(self._directory)).free if self._directory else None,
            network_received_bytes=network.bytes_recv if network else None,
            network_sent_bytes=network.bytes_sent if network else None,
            load_1m=psutil.getloadavg()[0],
        )

    def close(self) -> None:
        """Release nothing."""


def _descriptors_of(process: psutil.Process) -> int:
    try:
        return int(process.num_fds())
    except (psutil.Error, AttributeError):  # Windows has handles instead
        return 0
