"""Turns a node_exporter's page into one reading of its machine. Pure but for what it remembers of the first page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from stashbench.collect.exporter.exposition import Sample
from stashbench.collect.sampler.readings import HostReading

Page = Mapping[str, list[Sample]]

_TICKS = 100
_LARGEST = float(1 << 62)
_WAITING = {
    "pressure_cpu_some_us": "node_pressure_cpu_waiting_seconds_total",
    "pressure_io_some_us": "node_pressure_io_waiting_seconds_total",
    "pressure_io_full_us": "node_pressure_io_stalled_seconds_total",
    "pressure_memory_some_us": "node_pressure_memory_waiting_seconds_total",
    "pressure_memory_full_us": "node_pressure_memory_stalled_seconds_total",
}
_CPU = "node_cpu_seconds_total"
_DISK = {
    "read": "node_disk_read_bytes_total",
    "written": "node_disk_written_bytes_total",
    "reads": "node_disk_reads_completed_total",
    "writes": "node_disk_writes_completed_total",
    "busy": "node_disk_io_time_seconds_total",
}
_NETWORK = {"received": "node_network_receive_bytes_total", "sent": "node_network_transmit_bytes_total"}
_BOOT, _FREE, _BUILD = "node_boot_time_seconds", "node_filesystem_avail_bytes", "node_exporter_build_info"
FAMILIES = frozenset(
    {_CPU, _BOOT, _FREE, _BUILD, *_DISK.values(), *_NETWORK.values(), *_WAITING.values()}
    | {"node_load1", "node_context_switches_total", "node_memory_MemTotal_bytes", "node_memory_MemAvailable_bytes"}
    | {"node_memory_SwapTotal_bytes", "node_memory_SwapFree_bytes"}
)
# Their traffic is counted again by the physical device beneath.
_STACKED = re.compile(r"(loop|ram|zram|dm-|md|sr|fd|nbd)\d")
_INNER = re.compile(r"lo$|(veth|docker|br-|virbr|vmbr|cni|cali|flannel|podman|lxc|lxd|incus|vnet|tun|tap|wg|ifb|dummy)")
_PARTITION = re.compile(r"^(?:(nvme\d+n\d+|mmcblk\d+)p\d+|((?:sd|vd|xvd|hd)[a-z]+)\d+)$")
_IDLE_MODES = frozenset({"idle", "iowait"})
# Guest time is inside user time already; node_exporter tells it apart, but older ones did not.
_GUEST_MODES = frozenset({"guest", "guest_nice"})
_TOLD = {
    "processor": "cpu_total_ticks",
    "memory": "memory_available_bytes",
    "disk traffic": "disk_read_bytes",
    "network traffic": "network_received_bytes",
    "load": "load_1m",
    "pressure": "pressure_cpu_some_us",
}


class MachineReader:
    """Reads page after page of one machine.

    The devices are chosen on the first page and kept: one that is plugged in later would bring the traffic of its
    whole life as a leap. `database_path` is the server's own; it says which disk matters if it lies in a mount of its
    own, for that of `/` may be a container's.
    """

    def __init__(self, database_path: str | None) -> None:
        self._database_path = database_path
        self._disks: frozenset[str] | None = None
        self._interfaces: frozenset[str] = frozenset()
        self._free_point: str | None = None
        self._is_one_disk = False
        self.boot_time_seconds: float | None = None
        self.cpu_count: int | None = None
        self.memory_bytes: int | None = None
        self.version = ""

    def read(self, page: Page, at_seconds: float) -> HostReading:
        """Read one page fetched at a time of the monotonic clock; what it does not tell is None."""
        if self._disks is None:
            self._choose(page)
        self.boot_time_seconds = _single(page, _BOOT)
        self.cpu_count = len({sample.labels.get("cpu") for sample in page.get(_CPU, ())}) or None
        self.memory_bytes = _whole(_single(page, "node_memory_MemTotal_bytes"))
        busy, total, steal = _processor(page)
        memory, available = (_single(page, f"node_memory_{name}_bytes") for name in ("MemTotal", "MemAvailable"))
        swap, swap_free = (_single(page, f"node_memory_{name}_bytes") for name in ("SwapTotal", "SwapFree"))
        disk = {name: _sum(page, family, self._disks or ()) for name, family in _DISK.items()}
        network = {name: _sum(page, family, self._interfaces) for name, family in _NETWORK.items()}
        reads, writes, disk_busy = disk["reads"], disk["writes"], disk["busy"]
        return HostReading(
            host_time_seconds=at_seconds,
            cpu_busy_ticks=_whole(busy, _TICKS),
            cpu_total_ticks=_whole(total, _TICKS),
            cpu_steal_ticks=_whole(steal, _TICKS),
            memory_used_bytes=_whole(None if memory is None or available is None else memory - available),
            memory_available_bytes=_whole(available),
            swap_used_bytes=_whole(None if swap is None or swap_free is None else swap - swap_free),
            disk_read_bytes=_whole(disk["read"]),
            disk_written_bytes=_whole(disk["written"]),
            disk_operation_count=_whole(None if reads is None or writes is None else reads + writes),
            disk_busy_ms=_whole(disk_busy if len(self._disks or ()) == 1 else None, 1000),
            disk_free_bytes=self._free_bytes(page),
            network_received_bytes=_whole(network["received"]),
            network_sent_bytes=_whole(network["sent"]),
            load_1m=_single(page, "node_load1"),
            context_switch_count=_whole(_single(page, "node_context_switches_total")),
            **{name: _whole(_single(page, family), 1e6) for name, family in _WAITING.items()},
        )

    @property
    def devices(self) -> str:
        """Say in words of which disks the traffic is."""
        disks = ", ".join(sorted(self._disks or ())) or "no disk"
        return f"{disks}, which holds {self._free_point}" if self._is_one_disk else disks

    def _choose(self, page: Page) -> None:
        told = {sample.labels.get("device", "") for sample in page.get(_DISK["read"], ())} - {""}
        self._interfaces = frozenset(
            name
            for sample in page.get(_NETWORK["received"], ())
            if (name := sample.labels.get("device", "")) and not _INNER.match(name)
        )
        self._disks = frozenset(name for name in told if not _STACKED.match(name))
        build = page.get(_BUILD)
        self.version = build[0].labels.get("version", "") if build else ""
        place = self._place(page)
        if place is not None:
            self._free_point = place.labels["mountpoint"]
            device = place.labels.get("device", "").removeprefix("/dev/")
            part = _PARTITION.match(device)
            disk = next(filter(None, part.groups()), device) if part else device
            if disk in told:
                self._disks, self._is_one_disk = frozenset({disk}), True

    def _place(self, page: Page) -> Sample | None:
        """Return the file system that holds the database, if it is another one than `/`."""
        path = self._database_path
        if path is None or not path.startswith("/"):
            return None
        holding = [
            sample
            for sample in page.get(_FREE, ())
            if (point := sample.labels.get("mountpoint", "")) not in {"", "/"}
            and PurePosixPath(path).is_relative_to(point)
        ]
        return max(holding, key=lambda sample: len(sample.labels["mountpoint"]), default=None)

    def _free_bytes(self, page: Page) -> int | None:
        if self._free_point is None:
            return None
        free = [item.value for item in page.get(_FREE, ()) if item.labels.get("mountpoint") == self._free_point]
        return _whole(free[0]) if free else None


def untold(reading: HostReading) -> list[str]:
    """Name what a page said nothing of."""
    return [words for words, column in _TOLD.items() if getattr(reading, column) is None]


def _processor(page: Page) -> tuple[float | None, float | None, float | None]:
    """Sum (busy, total, steal) seconds of all processors; waiting for a disk counts as idle, as in our own reader."""
    modes: dict[str, float] = {}
    for sample in page.get(_CPU, ()):
        mode = sample.labels.get("mode", "")
        modes[mode] = modes.get(mode, 0.0) + sample.value
    if "idle" not in modes:
        return None, None, None
    total = sum(value for mode, value in modes.items() if mode not in _GUEST_MODES)
    idle = sum(modes.get(mode, 0.0) for mode in _IDLE_MODES)
    return total - idle, total, modes.get("steal")


def _sum(page: Page, family: str, devices: Iterable[str]) -> float | None:
    """Sum a family over the chosen devices; None if one of them is missing, because the sum would fall."""
    values = {sample.labels.get("device", ""): sample.value for sample in page.get(family, ())}
    chosen = [values.get(device) for device in devices]
    return sum(filter(None, chosen)) if chosen and None not in chosen else None


def _single(page: Page, family: str) -> float | None:
    samples = page.get(family, ())
    return samples[0].value if len(samples) == 1 else None


def _whole(value: float | None, factor: float = 1) -> int | None:
    """Round a counter; what no counter can be (negative, absurdly large) is not believed."""
    if value is None or not 0 <= value * factor < _LARGEST:
        return None
    return round(value * factor)
