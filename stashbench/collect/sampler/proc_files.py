"""Parsing of Linux's /proc files. Pure functions over bytes, so that any kernel's text can be tested."""

from __future__ import annotations

from typing import NamedTuple

_STATE, _PARENT, _MINOR_FAULTS, _CHILD_MINOR_FAULTS = 0, 1, 7, 8
_USER, _SYSTEM, _CHILD_USER, _CHILD_SYSTEM = 11, 12, 13, 14
_THREADS, _START, _RSS = 17, 19, 21


class StatLine(NamedTuple):
    """The fields of /proc/PID/stat we use; times in clock ticks, memory in pages."""

    state: str
    parent_pid: int
    fault_count: int
    child_fault_count: int
    own_ticks: int
    child_ticks: int
    thread_count: int
    start_ticks: int
    rss_pages: int


class IoCounters(NamedTuple):
    """/proc/PID/io, reaped children included; `logical` is what read() returned, page cache hits included."""

    logical_read_bytes: int = 0
    read_bytes: int = 0
    written_bytes: int = 0


def parse_stat(data: bytes) -> StatLine:
    """Parse /proc/PID/stat. The process name may hold spaces and brackets, so fields count from the last ")"."""
    fields = data[data.rindex(b")") + 2 :].split()
    return StatLine(
        state=fields[_STATE].decode("ascii"),
        parent_pid=int(fields[_PARENT]),
        fault_count=int(fields[_MINOR_FAULTS]),
        child_fault_count=int(fields[_CHILD_MINOR_FAULTS]),
        own_ticks=int(fields[_USER]) + int(fields[_SYSTEM]),
        child_ticks=int(fields[_CHILD_USER]) + int(fields[_CHILD_SYSTEM]),
        thread_count=int(fields[_THREADS]),
        start_ticks=int(fields[_START]),
        rss_pages=int(fields[_RSS]),
    )


def parse_named(data: bytes) -> dict[bytes, int]:
    """Parse "name: number [unit]" lines (io, meminfo); lines whose value is no number are left out."""
    values = {}
    for line in data.splitlines():
        name, _, rest = line.partition(b":")
        words = rest.split()
        if words and words[0].isdigit():
            values[name] = int(words[0])
    return values


def parse_io(data: bytes) -> IoCounters:
    """Parse /proc/PID/io."""
    values = parse_named(data)
    return IoCounters(values.get(b"rchar", 0), values.get(b"read_bytes", 0), values.get(b"write_bytes", 0))


def parse_peak(data: bytes) -> int | None:
    """Find VmHWM in /proc/PID/status, in bytes; None for a zombie or a kernel thread, which have no memory."""
    at = data.find(b"\nVmHWM:")
    if at < 0:
        return None
    return int(data[at + 7 : data.index(b"kB", at)]) * 1024


def parse_cpu(data: bytes) -> tuple[int, int, int]:
    """Parse the first line of /proc/stat into (busy, total, steal) ticks; waiting for a disk counts as idle."""
    ticks = [int(word) for word in data[: data.index(b"\n")].split()[1:9]]
    total = sum(ticks)  # guest time (fields 9, 10) is already inside user time
    idle = ticks[3] + (ticks[4] if len(ticks) > 4 else 0)  # noqa: PLR2004 - fields: user nice system idle iowait
    return total - idle, total, ticks[7] if len(ticks) > 7 else 0  # noqa: PLR2004 - old kernels lack steal


class DiskCounters(NamedTuple):
    """What disks have done; `busy_ms` is the time with at least one operation under way, summed over the disks."""

    read_bytes: int
    written_bytes: int
    operation_count: int
    busy_ms: int


def parse_disks(data: bytes, devices: frozenset[bytes]) -> DiskCounters | None:
    """Sum the counters of the named devices ("major:minor") in /proc/diskstats; None if none is there."""
    read = written = operations = busy = found = 0
    for line in data.splitlines():
        fields = line.split()
        if fields[0] + b":" + fields[1] in devices:
            found += 1
            operations += int(fields[3]) + int(fields[7])
            read += int(fields[5]) * 512  # sectors of 512 bytes whatever the device's own size
            written += int(fields[9]) * 512
            busy += int(fields[12])
    return DiskCounters(read, written, operations, busy) if found else None


def parse_network(data: bytes, interfaces: frozenset[bytes]) -> tuple[int, int] | None:
    """Sum (received, sent) bytes of the named interfaces in /proc/net/dev; None if none is there."""
    received = sent = found = 0
    for line in data.splitlines()[2:]:
        name, _, rest = line.partition(b":")
        if name.strip() in interfaces:
            fields = rest.split()
            found += 1
            received += int(fields[0])
            sent += int(fields[8])
    return (received, sent) if found else None


def parse_pressure(data: bytes) -> dict[str, int]:
    """Parse /proc/pressure/*: {"some": total microseconds, "full": ...}."""
    totals = {}
    for line in data.splitlines():
        kind, _, rest = line.partition(b" ")
        at = rest.find(b"total=")
        if at >= 0:
            totals[kind.decode("ascii")] = int(rest[at + 6 :])
    return totals
