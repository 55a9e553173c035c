"""Where a container's database is on this machine: read from recorded mount tables, proved by the file's number."""

from __future__ import annotations

import os

import pytest

from stashbench.collect.processes.open_database import find_open_database, is_open_here

INSIDE = "/config/stash-go.sqlite"


@pytest.fixture
def contained(machine, tmp_path):
    """A process that has a file open as /config/stash-go.sqlite, which is `folder`/stash-go.sqlite here."""

    def make(root, *, ours=None, kind="ext4"):
        folder = tmp_path / "appdata"
        folder.mkdir()
        database = folder / "stash-go.sqlite"
        database.write_text("x")
        device = f"{os.major(database.stat().st_dev)}:{os.minor(database.stat().st_dev)}"
        machine.process(70, "stash", cgroup=f"0::/docker/{'a' * 64}")
        # A link cannot be two things; so its name is the path inside, and its target is reached through that name.
        opened = machine.root / "70" / "fd" / "9"
        opened.symlink_to(database)
        table = f"1 0 0:99 / / rw - overlay overlay rw\n2 1 {device} {root or folder} /config rw - {kind} /dev/x rw\n"
        (machine.root / "70" / "mountinfo").write_text(table)
        (machine.root / "self" / "mountinfo").write_text(ours or f"1 0 {device} / / rw - ext4 /dev/x rw\n")
        return database, opened

    return make


@pytest.fixture
def by_inner_name(monkeypatch):
    """Have the descriptor's text be the path inside, as the kernel shows it for another mount namespace."""
    from stashbench.collect.processes.table import ProcessTable

    monkeypatch.setattr(
        ProcessTable,
        "opened",
        lambda table, pid, path: [*table.descriptors(pid)] if path == INSIDE else [],
    )


def test_a_bind_mount_leads_to_our_own_path(contained, machine, by_inner_name):
    database, _ = contained(None)
    found = find_open_database(INSIDE, 70, table=machine.table)
    assert found.path == database
    assert found.reason == (
        f"{database}, which process 70 (stash in docker container aaaaaaaaaaaa) has open as {INSIDE}"
    )


def test_a_path_that_is_another_file_here_is_not_taken(contained, machine, by_inner_name, tmp_path):
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "stash-go.sqlite").write_text("y")
    contained(tmp_path / "else")
    found = find_open_database(INSIDE, 70, table=machine.table)
    assert found.path is None
    assert "this machine does not show" in found.reason


def test_a_file_in_the_containers_own_layer_is_told_with_what_to_do(contained, machine, by_inner_name):
    contained(None, ours="1 0 0:1 / / rw - ext4 /dev/y rw\n", kind="overlay")
    found = find_open_database(INSIDE, 70, table=machine.table)
    assert found.path is None
    assert "overlay file system at /config of its container" in found.reason
    assert "it would be lost with the container" in found.reason


def test_a_process_without_the_file_open_is_no_proof(machine, tmp_path):
    machine.process(70, "stash")
    assert "does not have it open" in find_open_database(INSIDE, 70, table=machine.table).reason
    here = tmp_path / "stash-go.sqlite"
    here.write_text("x")
    found = find_open_database(str(here), 70, table=machine.table)
    assert found.path is None
    assert "is there, but" in found.reason


def test_a_process_we_may_not_look_into_is_no_proof(machine):
    machine.process(70, "stash")
    (machine.root / "70" / "fd").rmdir()
    assert "may not be seen by this user" in find_open_database(INSIDE, 70, table=machine.table).reason


def test_who_has_a_file_open_here(machine, tmp_path):
    database = tmp_path / "stash-go.sqlite"
    database.write_text("x")
    machine.process(70, "stash")
    assert not is_open_here(database, table=machine.table)
    (machine.root / "70" / "fd" / "9").symlink_to(database)
    assert is_open_here(database, table=machine.table)
    assert not is_open_here(tmp_path / "none", table=machine.table)
