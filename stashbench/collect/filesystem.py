"""The file system and disk beneath a path."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from stashbench.collect.mounts import mount_of, read_mounts

# SQLite's write-ahead log needs shared memory and locks that these do not offer between machines.
_NETWORK_TYPES = frozenset(
    {"9p", "afpfs", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "prl_fs", "smb3"}
    | {"smbfs", "vboxsf", "virtiofs", "vmhgfs", "webdav", "fuse.ceph-fuse", "fuse.davfs2", "fuse.glusterfs"}
    | {"fuse.juicefs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs", "fuse.vmhgfs-fuse"}
)
# FUSE file systems of the same machine; of one we do not know, we cannot say where its files are.
_LOCAL_FUSE = frozenset(
    {"fuseblk", "fuse.bindfs", "fuse.encfs", "fuse.fuse-overlayfs", "fuse.gocryptfs", "fuse.mergerfs", "fuse.ntfs-3g"}
    | {"fuse.shfs", "fuse.unionfs", "fuse.zfs-fuse", "fuse.securefs"}
)
_VIRTUAL_DISKS = ("vd", "xvd")


class FilesystemFacts(NamedTuple):
    """What lies beneath a path; None where the system does not say."""

    kind: str | None = None
    is_network: bool | None = None
    disk: str | None = None
    disk_model: str | None = None
    is_rotational: bool | None = None
    free_bytes: int | None = None


def examine_filesystem(path: Path) -> FilesystemFacts:
    """Look at the file system that holds `path` (a file or directory). Never raises; what is hidden is None."""
    try:
        free_bytes: int | None = shutil.disk_usage(path if path.is_dir() else path.parent).free
        device = path.stat().st_dev
    except OSError:
        return FilesystemFacts()
    if not sys.platform.startswith("linux"):
        kind = _portable_kind(path)
        return FilesystemFacts(kind=kind, is_network=_is_network(kind), free_bytes=free_bytes)
    mount = mount_of(str(path.resolve()), read_mounts(), f"{os.major(device)}:{os.minor(device)}")
    kind, source = (mount.kind, mount.source) if mount else (None, "")
    disk = _disk_of(device, source)
    return FilesystemFacts(
        kind=kind,
        is_network=_is_network(kind),
        disk=disk.name if disk else None,
        disk_model=(_text(disk / "device" / "model") or None) if disk else None,
        is_rotational=_is_rotational(disk) if disk else None,
        free_bytes=free_bytes,
    )


def describe_filesystem(path: Path) -> str:
    """Return what is to be told of a file's place, as the end of a sentence; nothing of an ordinary local disk."""
    facts = examine_filesystem(path)
    if facts.is_network:
        return (
            f"; it is read over a network ({facts.kind}), where SQLite's write-ahead log is not safe: a server should "
            "have it on a disk of its own, and we read it only while no other machine has changes under way"
        )
    if facts.kind is not None and facts.kind.startswith("fuse"):
        return f"; it lies on {facts.kind}, a file system run by a program, which is slower than the disk beneath it"
    return ""


def _portable_kind(path: Path) -> str | None:
    """Ask psutil where there is no mount table; a share of Windows is called smb, whatever is beneath it."""
    import psutil  # type: ignore[import-untyped]  # ships no types

    resolved = path.resolve()
    if str(resolved).startswith("\\\\"):
        return "smbfs"
    best, longest = None, -1
    for part in psutil.disk_partitions(all=True):
        if resolved.is_relative_to(part.mountpoint) and len(part.mountpoint) >= longest:
            is_share = "remote" in part.opts.split(",")
            best, longest = "smbfs" if is_share else part.fstype, len(part.mountpoint)
    return best or None


def _is_network(kind: str | None) -> bool | None:
    if kind is None or kind in _NETWORK_TYPES:
        return None if kind is None else True
    return None if kind.startswith("fuse") and kind not in _LOCAL_FUSE else False


def _disk_of(device: int, source: str) -> Path | None:
    if os.major(device) == 0:
        if not source.startswith("/dev/"):
            return None
        try:
            device = Path(source).stat().st_rdev
        except OSError:
            return None
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
    if not block.exists():
        return None
    block = block.resolve()
    return block.parent if (block / "partition").exists() else block


def _is_rotational(disk: Path) -> bool | None:
    slaves = _entries(disk / "slaves")
    if slaves:  # encrypted, mirrored or joined: as slow as its slowest part
        parts = [_is_rotational(slave.resolve()) for slave in slaves]
        return None if None in parts else any(parts)
    flag = _text((disk.parent if (disk / "partition").exists() else disk) / "queue" / "rotational")
    if flag == "1" and disk.name.startswith(_VIRTUAL_DISKS):
        return None  # virtual disks call themselves rotational whatever they are made of
    return None if not flag else flag == "1"


def _entries(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
