from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stashbench.collect.mounts import Mount, mount_of, parse_mounts, read_mounts, same_place

TABLE = (
    "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n"
    "40 35 0:50 / /srv/my\\040films rw shared:1 master:2 - cifs //nas/my\\040films rw\n"
    "41 35 0:51 / /x rw - nfs4 nas:/x rw\n"
    "broken line\n"
    "x 35 0:51 / /x rw - nfs4 nas:/x rw\n"
    "42 35 0:52 / /x rw - nfs4\n"
)


def test_mounts_with_optional_fields_and_spaces():
    assert parse_mounts(TABLE) == [
        Mount(36, "98:0", "/mnt1", "/mnt2", "ext3", "/dev/root"),
        Mount(40, "0:50", "/", "/srv/my films", "cifs", "//nas/my films"),
        Mount(41, "0:51", "/", "/x", "nfs4", "nas:/x"),
    ]


@given(st.text())
def test_no_mount_table_makes_it_raise(text):
    parse_mounts(text)


def test_our_own_table_is_read_and_a_missing_one_is_empty(tmp_path):
    assert any(mount.point == "/proc" for mount in read_mounts())
    assert read_mounts(1, tmp_path) == []


ROOT = Mount(1, "8:1", "/", "/", "ext4", "/dev/sda1")
DATA = Mount(2, "8:2", "/", "/data", "ext4", "/dev/sdb")
HIDING = Mount(3, "0:9", "/", "/data", "tmpfs", "tmpfs")


def test_a_path_lies_in_the_deepest_and_latest_mount_and_its_device_decides():
    assert mount_of("/home/x", [ROOT, DATA]) is ROOT
    assert mount_of("/data/x", [ROOT, DATA]) is DATA
    assert mount_of("/database", [ROOT, DATA]) is ROOT
    assert mount_of("/data/x", [ROOT, DATA, HIDING]) is HIDING
    assert mount_of("/data/x", [ROOT, DATA, HIDING], "8:2") is DATA
    assert mount_of("/x", []) is None


def test_a_bind_mount_shows_the_same_file_elsewhere():
    bound = Mount(9, "8:2", "/apps/stash", "/config/.stash", "ext4", "/dev/sdb")
    elsewhere = Mount(4, "8:2", "/apps", "/mnt/apps", "ext4", "/dev/sdb")
    unrelated = Mount(5, "8:2", "/films", "/films", "ext4", "/dev/sdb")
    assert same_place("/config/.stash/stash-go.sqlite", bound, [ROOT, DATA, elsewhere, unrelated]) == [
        "/data/apps/stash/stash-go.sqlite",
        "/mnt/apps/stash/stash-go.sqlite",
    ]
    assert same_place("/config/.stash/x", bound, [ROOT]) == []
