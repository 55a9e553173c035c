"""Finds the database a server's process has open, and where on this machine that very file can be opened."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stashbench.collect.mounts import mount_of, read_mounts, same_place
from stashbench.collect.processes.table import ProcessTable


@dataclass(frozen=True, slots=True)
class FoundDatabase:
    """The server's database file on this machine, or the reason why it is not known."""

    path: Path | None
    reason: str


def find_open_database(server_path: str, pid: int | None, *, table: ProcessTable | None = None) -> FoundDatabase:
    """Return the server's database as a path of this machine, if that process has that very file open.

    A server in a container tells the path it sees; its mounts lead to ours. A server closes an idle file: ask it
    something just before.
    """
    table = table or ProcessTable()
    here = _status(Path(server_path))
    if pid is None:
        return FoundDatabase(None, _without_process(server_path, is_here=here is not None))
    if not table.may_look_into(pid):
        reason = f"the open files of {table.said(pid)} may not be seen by this user; run as the server's user or root"
        return FoundDatabase(None, reason)
    if here is not None and any(_is_same(file, here) for file in table.descriptors(pid)):
        return FoundDatabase(Path(server_path), f"{server_path}, which process {pid} has open")
    opened = table.opened(pid, server_path)
    status = _status(opened[0]) if opened else None
    if status is None:
        exists = "is there, but" if here is not None else "cannot be seen from here, and"
        return FoundDatabase(None, f"{server_path} {exists} {table.said(pid)} does not have it open")
    return _through_mounts(server_path, pid, status, table)


def is_open_here(path: Path, *, table: ProcessTable | None = None) -> bool:
    """Say whether another process of this machine has a file open, as far as this user may look."""
    table = table or ProcessTable()
    wanted = _status(path)
    if wanted is None:
        return False
    pids = (pid for pid in table.pids() if pid != os.getpid())
    return any(_is_same(descriptor, wanted) for pid in pids for descriptor in table.descriptors(pid))


def _through_mounts(server_path: str, pid: int, wanted: os.stat_result, table: ProcessTable) -> FoundDatabase:
    """Find our own path to a file that a process in a container has open under another one."""
    number = f"{os.major(wanted.st_dev)}:{os.minor(wanted.st_dev)}"
    there = mount_of(server_path, read_mounts(pid, table.root), number)
    if there is not None:
        for place in same_place(server_path, there, read_mounts("self", table.root)):
            found = _status(Path(place))
            # The mount tables only say where to look; that it is the same file is seen by its number.
            if found is not None and os.path.samestat(found, wanted):
                return FoundDatabase(Path(place), f"{place}, which {table.said(pid)} has open as {server_path}")
    where = f"in the {there.kind} file system at {there.point} of its container" if there else "in its container"
    reason = (
        f"{table.said(pid)} has {server_path} open {where}, which this machine does not show; keep the database in a "
        "folder or volume of the machine (it would be lost with the container otherwise), or run stashbench inside"
    )
    return FoundDatabase(None, reason)


def _without_process(server_path: str, *, is_here: bool) -> str:
    if is_here:
        return f"{server_path} exists here, but without its process it may be another server's"
    return f"the server's path {server_path} cannot be read on this machine"


def _is_same(descriptor: Path, wanted: os.stat_result) -> bool:
    status = _status(descriptor)
    return status is not None and os.path.samestat(status, wanted)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None
