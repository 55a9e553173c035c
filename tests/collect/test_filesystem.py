from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from stashbench.collect import filesystem
from stashbench.collect.filesystem import _is_rotational, describe_filesystem, examine_filesystem
from stashbench.collect.mounts import Mount


def test_this_directory_agrees_with_psutil(tmp_path):
    facts = examine_filesystem(tmp_path)
    mounts = sorted(psutil.disk_partitions(all=True), key=lambda mount: len(mount.mountpoint))
    inside = [mount for mount in mounts if tmp_path.is_relative_to(mount.mountpoint)]
    assert facts.kind == inside[-1].fstype
    assert facts.is_network is False
    assert 0 < facts.free_bytes <= psutil.disk_usage(str(tmp_path)).free * 1.1


def test_systems_without_a_mount_table_are_asked_through_psutil(tmp_path, monkeypatch):
    told = examine_filesystem(tmp_path)
    monkeypatch.setattr(sys, "platform", "darwin")
    facts = examine_filesystem(tmp_path)
    assert (facts.kind, facts.is_network) == (told.kind, False)
    share = SimpleNamespace(mountpoint=str(tmp_path), fstype="NTFS", opts="rw,remote")
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_: [share])
    assert examine_filesystem(tmp_path).is_network is True


@pytest.mark.parametrize(
    ("kind", "is_network"),
    [
        ("ext4", False),
        ("zfs", False),
        ("nfs4", True),
        ("cifs", True),
        ("9p", True),
        ("fuse.sshfs", True),
        ("virtiofs", True),
        ("fuse.shfs", False),
        ("fuseblk", False),
        ("fuse.something-new", None),
    ],
)
def test_network_file_systems_are_told_and_what_it_means(tmp_path, monkeypatch, kind, is_network):
    mount = Mount(1, "0:9", "/", "/", kind, "nas:/x")
    monkeypatch.setattr(filesystem, "read_mounts", lambda: [mount])
    assert examine_filesystem(tmp_path).is_network is is_network
    said = describe_filesystem(tmp_path)
    assert ("over a network" in said) == (is_network is True)
    assert ("run by a program" in said) == (kind.startswith("fuse") and is_network is not True)


def test_memory_file_systems_have_no_disk():
    facts = examine_filesystem(Path("/proc/self"))
    assert (facts.kind, facts.disk, facts.is_rotational) == ("proc", None, None)


def test_a_missing_path_is_all_unknown(tmp_path):
    assert set(examine_filesystem(tmp_path / "none" / "file")) == {None}


def _disk(directory: Path, name: str, flag: str) -> Path:
    disk = directory / name
    (disk / "queue").mkdir(parents=True)
    (disk / "queue" / "rotational").write_text(flag + "\n")
    return disk


def test_rotation_is_told_by_the_disk_and_not_believed_of_virtual_ones(tmp_path):
    assert _is_rotational(_disk(tmp_path, "sda", "1")) is True
    assert _is_rotational(_disk(tmp_path, "nvme0n1", "0")) is False
    assert _is_rotational(_disk(tmp_path, "vda", "0")) is False
    assert _is_rotational(_disk(tmp_path, "vdb", "1")) is None
    assert _is_rotational(tmp_path / "absent") is None


def test_a_joined_disk_is_as_slow_as_its_slowest_part(tmp_path):
    mirror = _disk(tmp_path, "md0", "0")
    (mirror / "slaves").mkdir()
    for name, flag in (("sda", "0"), ("sdb", "1")):
        (mirror / "slaves" / name).symlink_to(_disk(tmp_path, name, flag))
    assert _is_rotational(mirror) is True
