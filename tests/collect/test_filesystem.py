from __future__ import annotations

from pathlib import Path

import psutil

from stashbench.collect.filesystem import _is_rotational, examine_filesystem


def test_this_directory_agrees_with_psutil(tmp_path):
    facts = examine_filesystem(tmp_path)
    mounts = sorted(psutil.disk_partitions(all=True), key=lambda mount: len(mount.mountpoint))
    inside = [mount for mount in mounts if tmp_path.is_relative_to(mount.mountpoint)]
    assert facts.kind == inside[-1].fstype
    assert facts.is_network is False
    assert 0 < facts.free_bytes <= psutil.disk_usage(str(tmp_path)).free * 1.1


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
