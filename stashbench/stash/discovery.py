"""Finds the server's process and its database file on this machine; what cannot be proved is not taken."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from stashbench.stash.address import ServerAddress

PROC = Path("/proc")
LISTENING = "0A"
FORWARDERS = frozenset({"docker-proxy", "rootlessport", "slirp4netns", "pasta", "conmon"})


@dataclass(frozen=True, slots=True)
class FoundProcess:
    """The process that listens at an address, or the reason why it is not known."""

    pid: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class FoundDatabase:
    """The server's database file on this machine, or the reason why it is not known."""

    path: Path | None
    reason: str


def pid_of_port(port: int) -> int | None:
    """Return the process that listens at a TCP port of this machine, or None where it cannot be told."""
    return _owner_of(_listening_inodes(port), port).pid


def find_process(address: ServerAddress) -> FoundProcess:
    """Return the process behind a server's address, if it runs on this machine and may be looked at."""
    if not is_local(address.host):
        return FoundProcess(None, f"the server runs on another machine ({address.host}), whose processes we cannot see")
    if not (PROC / "net" / "tcp").exists():
        return FoundProcess(None, "this system has no /proc to find the process of a port in; pass --stash-pid")
    return _owner_of(_listening_inodes(address.port), address.port)


def explain_stranger(pid: int, address: ServerAddress) -> str:
    """Return what speaks against a process being the one behind an address, or nothing if nothing does.

    A parent or child of the process that listens is as good as itself. Behind a proxy on this machine another process
    listens with good reason, so this is something to tell, not to refuse.
    """
    listening = find_process(address).pid
    if listening is None or pid in _line_of(listening) or listening in _line_of(pid):
        return ""
    return (
        f"process {pid} ({_name_of(pid)}) does not listen at port {address.port}, "
        f"process {listening} ({_name_of(listening)}) does"
    )


def is_local(host: str) -> bool:
    """Say whether a host name means this machine: only own addresses can be bound."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(_can_bind(family, str(where[0])) for family, _, _, _, where in found)


def local_database_path(server_path: str, pid: int | None) -> Path | None:
    """Return the server's database path as a path of this machine, if that process has that very file open."""
    return find_open_database(server_path, pid).path


def find_open_database(server_path: str, pid: int | None) -> FoundDatabase:
    """Like `local_database_path`, with the reason. A server closes an idle file: ask it something just before."""
    path = Path(server_path)
    try:
        wanted = path.stat()
    except OSError as error:
        return FoundDatabase(None, f"the server's path {server_path} cannot be read on this machine ({error.strerror})")
    if pid is None:
        return FoundDatabase(None, f"{server_path} exists here, but without its process it may be another server's")
    try:
        descriptors = list((PROC / str(pid) / "fd").iterdir())
    except OSError as error:
        return FoundDatabase(None, f"the open files of process {pid} cannot be seen ({error.strerror})")
    for descriptor in descriptors:
        try:
            status = descriptor.stat()
        except OSError:
            continue  # closed meanwhile
        if os.path.samestat(status, wanted):
            return FoundDatabase(path, f"{path}, which process {pid} has open")
    return FoundDatabase(None, f"process {pid} does not have {server_path} open, so it may be another server's")


def _can_bind(family: int, address: str) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True


def _listening_inodes(port: int) -> frozenset[str]:
    """Return the inodes of the sockets that listen at a port, over both versions of IP."""
    inodes = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = (PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue  # a kernel without IPv6
        for line in lines:
            fields = line.split()
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return frozenset(inodes)


def _owner_of(inodes: frozenset[str], port: int) -> FoundProcess:
    """Return the process holding one of these sockets; of parent and children the parent."""
    if not inodes:
        return FoundProcess(None, f"nothing listens at port {port} in our network namespace; pass --stash-pid")
    wanted = {f"socket:[{inode}]" for inode in inodes}
    owners = [int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal() and _holds(entry, wanted)]
    if not owners:
        return FoundProcess(
            None,
            f"the process at port {port} belongs to another user or a container; run as that user or root, "
            "or pass --stash-pid",
        )
    heads = [pid for pid in owners if _parent_of(pid) not in owners]
    if len(heads) > 1:
        return FoundProcess(
            None, f"several processes listen at port {port} ({', '.join(map(str, heads))}); pass --stash-pid"
        )
    name = _name_of(heads[0])
    if name in FORWARDERS:
        return FoundProcess(None, f"port {port} is forwarded by {name} into a container; pass the server's --stash-pid")
    return FoundProcess(heads[0], f"{name} listens at port {port}")


def _holds(process: Path, wanted: set[str]) -> bool:
    try:
        return any(_link(descriptor) in wanted for descriptor in (process / "fd").iterdir())
    except OSError:
        return False  # not ours to look into, or gone


def _link(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""


def _parent_of(pid: int) -> int:
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return 0
    return int(text.rpartition(")")[2].split()[1])


def _line_of(pid: int) -> list[int]:
    """Return a process and its ancestors."""
    line = []
    while pid > 0 and pid not in line:
        line.append(pid)
        pid = _parent_of(pid)
    return line


def _name_of(pid: int) -> str:
    try:
        return (PROC / str(pid) / "comm").read_text().strip()
    except OSError:
        return "a process"
