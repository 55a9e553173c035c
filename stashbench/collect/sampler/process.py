"""One process of the tree, read through /proc files that stay open."""

from __future__ import annotations

import os
import time

from stashbench.collect.sampler.proc_files import IoCounters, StatLine, parse_io, parse_peak, parse_stat

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_BUFFER_BYTES = 4096
_LARGE_BUFFER_BYTES = 1 << 20
_CPU_CLOCK_OF_PROCESS = 2  # CPUCLOCK_SCHED: nanoseconds run, all threads of the process


class TrackedProcess:
    """A process held by open descriptors.

    A descriptor belongs to this very process: once it is reaped, reads fail even if its number has been given to
    another process, so a reused pid can never be mistaken for it.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status_file: int | None = None
        self._io_file: int | None = None
        self._tasks: dict[str, int] = {}
        self._stat_file = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
        try:
            self.stat: StatLine = self._read_stat()
            self._status_file = os.open(f"/proc/{pid}/status", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self.close()
            raise
        self.io: IoCounters | None = None
        self.peak_bytes: int | None = None
        self.cpu_own_seconds = 0.0
        self.descriptor_count: int | None = None
        self.key = (pid, self.stat.start_ticks)
        self._open_io()

    @property
    def cpu_seconds(self) -> float:
        """CPU time of this process and of the children it has waited for."""
        return self.cpu_own_seconds + self.stat.child_ticks / TICKS_PER_SECOND

    @property
    def rss_bytes(self) -> int:
        """Resident memory as of the last read."""
        return self.stat.rss_pages * PAGE_BYTES

    def read(self, *, has_peak: bool = True) -> None:
        """Read everything once, the peak mark only if asked for. Raises ProcessLookupError when the process is gone."""
        self.stat = self._read_stat()
        self.cpu_own_seconds = self._read_cpu()
        self.peak_bytes = self._read_peak() if has_peak else None
        self.io = self._read_io()
        self.descriptor_count = self._count_descriptors()

    def children(self) -> list[int]:
        """List the children. Each thread has its own list, and a Go server starts children from any thread."""
        path = f"/proc/{self.pid}/task"
        found: list[int] = []
        names = [str(self.pid)]
        if self.stat.thread_count > 1:
            try:
                names = os.listdir(path)  # noqa: PTH208 - a Path per thread and tick would cost more than the read
            except OSError:
                return found
        for gone in self._tasks.keys() - set(names):
            os.close(self._tasks.pop(gone))
        for name in names:
            try:
                if name not in self._tasks:
                    self._tasks[name] = os.open(f"{path}/{name}/children", os.O_RDONLY | os.O_CLOEXEC)
                data = os.pread(self._tasks[name], _BUFFER_BYTES, 0)
                if len(data) == _BUFFER_BYTES:  # hundreds of children: the last number may be cut off
                    data = os.pread(self._tasks[name], _LARGE_BUFFER_BYTES, 0)
                found.extend(map(int, data.split()))
            except OSError:  # the thread ended just now
                continue
        return found

    def reset_peak(self) -> bool:
        """Set the kernel's peak mark back to the present size; False where that is not permitted."""
        try:
            descriptor = os.open(f"/proc/{self.pid}/clear_refs", os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            os.write(descriptor, b"5")
        except OSError:
            return False
        finally:
            os.close(descriptor)
        return True

    def close(self) -> None:
        """Close the descriptors."""
        for descriptor in (self._stat_file, self._status_file, self._io_file, *self._tasks.values()):
            if descriptor is not None:
                os.close(descriptor)
        self._tasks.clear()
        self._status_file = self._io_file = None

    def _open_io(self) -> None:
        try:
            self._io_file = os.open(f"/proc/{self.pid}/io", os.O_RDONLY | os.O_CLOEXEC)
            os.pread(self._io_file, 1, 0)  # opening is allowed to everybody, reading is not
        except PermissionError:
            if self._io_file is not None:
                os.close(self._io_file)
            self._io_file = None

    def _read_io(self) -> IoCounters | None:
        if self._io_file is None:
            return None
        try:
            return parse_io(os.pread(self._io_file, _BUFFER_BYTES, 0))
        except PermissionError:  # the process changed its user
            return None

    def _read_stat(self) -> StatLine:
        data = os.pread(self._stat_file, _BUFFER_BYTES, 0)
        if not data:
            raise ProcessLookupError(self.pid)
        return parse_stat(data)

    def _read_cpu(self) -> float:
        # The kernel shows user and system time in hundredths of a second, too coarse for a short test;
        # the process's CPU clock has nanoseconds and costs one system call.
        try:
            return time.clock_gettime(~self.pid << 3 | _CPU_CLOCK_OF_PROCESS)
        except OSError:
            return self.stat.own_ticks / TICKS_PER_SECOND

    def _read_peak(self) -> int | None:
        if self._status_file is None:
            return None
        return parse_peak(os.pread(self._status_file, _BUFFER_BYTES, 0))

    def _count_descriptors(self) -> int | None:
        path = f"/proc/{self.pid}/fd"
        try:
            # Linux 6.2 and later give the number as the folder's size; earlier ones give 0 and want a listing.
            return os.stat(path).st_size or len(os.listdir(path))  # noqa: PTH116, PTH208 - as above
        except OSError:
            return None
