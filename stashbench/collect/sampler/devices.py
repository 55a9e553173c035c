"""Which disks and network interfaces the host's counters are taken from."""

from __future__ import annotations

import os
from pathlib import Path

from stashbench.collect.mounts import read_mounts

_STACKED = ("loop", "ram", "zram", "dm-", "md", "sr", "fd")  # their I/O is counted again by the disk below


def disk_devices(directory: Path | None) -> tuple[frozenset[bytes], str]:
    """Choose block devices as "major:minor", and say in words which they are.

    The device of the database's directory where the kernel names it, else every physical disk.
    """
    if directory is not None:
        device = _device_of(directory)
        if device is not None:
            return frozenset({device}), "the disk of the database"
    disks = set()
    for block in _entries("/sys/block"):
        if block.name.startswith(_STACKED):
            continue
        number = _read(block / "dev")
        if number:
            disks.add(number)
    return frozenset(disks), "all disks"


def network_interfaces() -> frozenset[bytes]:
    """Choose the physical interfaces, or in a container, which has none, all but the loopback."""
    interfaces = [entry for entry in _entries("/sys/class/net") if entry.name != "lo"]
    physical = [entry for entry in interfaces if (entry / "device").exists()]
    return frozenset(os.fsencode(entry.name) for entry in physical or interfaces)


def _device_of(directory: Path) -> bytes | None:
    try:
        device = directory.stat().st_dev
    except OSError:
        return None
    if os.major(device) == 0:  # btrfs, overlay and network file systems have numbers that stand for no disk
        source = _mount_source(device)
        if source is None:
            return None
        try:
            device = source.stat().st_rdev
        except OSError:
            return None
    number = f"{os.major(device)}:{os.minor(device)}"
    return number.encode("ascii") if Path(f"/sys/dev/block/{number}").exists() else None


def _mount_source(device: int) -> Path | None:
    wanted = f"{os.major(device)}:{os.minor(device)}"
    source = next((mount.source for mount in read_mounts() if mount.device == wanted), "")
    return Path(source) if source.startswith("/dev/") else None


def _entries(directory: str) -> list[Path]:
    try:
        return sorted(Path(directory).iterdir())
    except OSError:
        return []


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes().strip()
    except OSError:
        return b""
