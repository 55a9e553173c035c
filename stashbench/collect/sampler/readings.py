"""What one look at the process tree and at the host yields, and who can look. Standard library only."""

from __future__ import annotations

from typing import NamedTuple, Protocol


class TreeReading(NamedTuple):
    """The process tree at one instant. Counters only grow, reaped children included; None is "not readable"."""

    cpu_seconds: float | None = None
    rss_bytes: int | None = None
    read_bytes: int | None = None
    written_bytes: int | None = None
    logical_read_bytes: int | None = None
    thread_count: int | None = None
    descriptor_count: int | None = None
    process_count: int | None = None


class HostReading(NamedTuple):
    """The machine at one instant, on the monotonic clock; a reading without time is none.

    `*_ticks`, `*_us`, `*_ms`, the counts, and the bytes of disk and network, are growing counters.
    """

    host_time_seconds: float | None = None
    cpu_busy_ticks: int | None = None
    cpu_total_ticks: int | None = None
    cpu_steal_ticks: int | None = None
    memory_used_bytes: int | None = None
    memory_available_bytes: int | None = None
    swap_used_bytes: int | None = None
    disk_read_bytes: int | None = None
    disk_written_bytes: int | None = None
    disk_operation_count: int | None = None
    disk_busy_ms: int | None = None
    disk_free_bytes: int | None = None
    network_received_bytes: int | None = None
    network_sent_bytes: int | None = None
    load_1m: float | None = None
    context_switch_count: int | None = None
    pressure_cpu_some_us: int | None = None
    pressure_io_some_us: int | None = None
    pressure_io_full_us: int | None = None
    pressure_memory_some_us: int | None = None
    pressure_memory_full_us: int | None = None


class ProcessMemory(NamedTuple):
    """Memory of one process: who (pid and start time), resident now, and the kernel's own peak mark if readable."""

    key: tuple[int, int]
    rss_bytes: int
    peak_bytes: int | None


class TreeReader(Protocol):
    """A way to read a process tree."""

    events: list[str]
    reasons: list[str]

    def read(self, *, has_peaks: bool = True) -> TreeReading:
        """Read the whole tree once; without `has_peaks` the root's peak mark may be left out."""

    def memory(self) -> list[ProcessMemory]:
        """Memory of each process, as of the last `read`."""

    def reset_peaks(self) -> set[tuple[int, int]]:
        """Set the kernel's peak marks back to "now"; return the processes for which that was permitted."""

    def ended_mark(self) -> tuple[int, int]:
        """Return a mark that changes whenever a process of the tree has ended."""

    def follow(self, pid: int) -> None:
        """Go on with another root process (the server was restarted)."""

    def close(self) -> None:
        """Release what is held open."""


class HostReader(Protocol):
    """A way to read the machine. `events` are things worth a warning; `source` says where the figures come from."""

    source: str
    events: list[str]

    def read(self) -> HostReading:
        """Return the newest reading: one of now, or where the machine is a distant one, the last that arrived."""

    def close(self) -> None:
        """Release what is held open."""
