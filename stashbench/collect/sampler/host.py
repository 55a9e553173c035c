"""The machine, read through Linux's /proc files that stay open."""

from __future__ import annotations

import os
import time
from pathlib import Path

from stashbench.collect.sampler.devices import disk_devices, network_interfaces
from stashbench.collect.sampler.proc_files import parse_cpu, parse_disks, parse_named, parse_network, parse_pressure
from stashbench.collect.sampler.readings import HostReading

_BUFFER_BYTES = 1 << 16
_FIRST_LINES_BYTES = 512
_FILES = {
    "cpu": "/proc/stat",
    "memory": "/proc/meminfo",
    "disks": "/proc/diskstats",
    "network": "/proc/net/dev",
    "load": "/proc/loadavg",
    "pressure_cpu": "/proc/pressure/cpu",
    "pressure_io": "/proc/pressure/io",
    "pressure_memory": "/proc/pressure/memory",
}


class Host:
    """Reads the machine; a file this kernel or container does not offer leaves its values None."""

    def __init__(self, database_directory: Path | None) -> None:
        self.events: list[str] = []
        self._directory = database_directory
        self._devices, disks = disk_devices(database_directory)
        self._interfaces = network_interfaces()
        self.source = f"disk I/O of {disks}"
        self._files: dict[str, int] = {}
        for name, path in _FILES.items():
            try:
                self._files[name] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                continue

    def read(self) -> HostReading:
        """Read the machine once."""
        cpu = self._read("cpu", _FIRST_LINES_BYTES)
        busy, total, steal = parse_cpu(cpu) if cpu else (None, None, None)
        memory = parse_named(self._read("memory", _FIRST_LINES_BYTES))  # memory and swap are among the first
        available = memory.get(b"MemAvailable")
        used = None if available is None else (memory[b"MemTotal"] - available) * 1024
        swap, swap_free = memory.get(b"SwapTotal"), memory.get(b"SwapFree")
        disk = parse_disks(self._read("disks"), self._devices)
        received, sent = parse_network(self._read("network"), self._interfaces) or (None, None)
        load = self._read("load")
        cpu_pressure = parse_pressure(self._read("pressure_cpu"))
        io_pressure = parse_pressure(self._read("pressure_io"))
        memory_pressure = parse_pressure(self._read("pressure_memory"))
        return HostReading(
            host_time_seconds=time.monotonic(),
            cpu_busy_ticks=busy,
            cpu_total_ticks=total,
            cpu_steal_ticks=steal,
            memory_used_bytes=used,
            memory_available_bytes=None if available is None else available * 1024,
            swap_used_bytes=None if swap is None or swap_free is None else (swap - swap_free) * 1024,
            disk_read_bytes=disk.read_bytes if disk else None,
            disk_written_bytes=disk.written_bytes if disk else None,
            disk_operation_count=disk.operation_count if disk else None,
            disk_busy_ms=disk.busy_ms if disk and len(self._devices) == 1 else None,
            disk_free_bytes=self._free_bytes(),
            network_received_bytes=received,
            network_sent_bytes=sent,
            load_1m=float(load.split()[0]) if load else None,
            pressure_cpu_some_us=cpu_pressure.get("some"),
            pressure_io_some_us=io_pressure.get("some"),
            pressure_io_full_us=io_pressure.get("full"),
            pressure_memory_some_us=memory_pressure.get("some"),
            pressure_memory_full_us=memory_pressure.get("full"),
        )

    def close(self) -> None:
        """Close all descriptors."""
        for descriptor in self._files.values():
            os.close(descriptor)
        self._files.clear()

    def _read(self, name: str, size: int = _BUFFER_BYTES) -> bytes:
        descriptor = self._files.get(name)
        if descriptor is None:
            return b""
        try:
            return os.pread(descriptor, size, 0)
        except OSError:  # pressure files answer "not supported" when the kernel was booted without
            return b""

    def _free_bytes(self) -> int | None:
        if self._directory is None:
            return None
        try:
            state = os.statvfs(self._directory)
        except OSError:
            return None
        return state.f_bavail * state.f_frsize
