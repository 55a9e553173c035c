"""Finds the server's process on this machine from its address; what cannot be proved is not taken."""

from __future__ import annotations

import ipaddress
import socket

from stashbench.collect.processes.finding import FoundProcess, find_in_container, find_listening
from stashbench.collect.processes.open_database import FoundDatabase, find_open_database
from stashbench.collect.processes.table import ProcessTable
from stashbench.stash.address import ServerAddress

__all__ = [
    "FoundDatabase",
    "FoundProcess",
    "explain_stranger",
    "find_open_database",
    "find_process",
    "is_local",
    "pid_of_port",
]


def pid_of_port(port: int) -> int | None:
    """Return the process that listens at a TCP port of this machine, or None where it cannot be told."""
    return _find_listening(port, frozenset(), None, ProcessTable()).pid


def find_process(
    address: ServerAddress, database_path: str | None = None, *, table: ProcessTable | None = None
) -> FoundProcess:
    """Return the process behind a server's address, if it runs on this machine and may be looked at.

    `database_path` is the file the server says it works on, as it sees it; it tells the server from what stands before
    it. Ask the server something just before: it closes an idle file.
    """
    table = table or ProcessTable()
    numeric = _numeric(address.host)
    if not any(_can_bind(family, text) for family, text in numeric):
        for _, text in numeric:
            found = find_in_container(text, address.port, table=table)
            if found.pid is not None or found.candidates:
                return found
        reason = f"the server runs on another machine ({address.host}), whose processes we cannot see"
        return FoundProcess(None, reason)
    return _find_listening(address.port, frozenset(text for _, text in numeric), database_path, table)


def explain_stranger(pid: int, address: ServerAddress, database_path: str | None = None) -> str:
    """Return what speaks against a process being the one behind an address, or nothing if nothing does.

    A parent or child of the process that listens is as good as itself. Behind a proxy on this machine another process
    listens with good reason, so this is something to tell, not to refuse.
    """
    table = ProcessTable()
    listening = find_process(address, database_path, table=table).pid
    if listening is None or pid in table.line(listening) or listening in table.line(pid):
        return ""
    return f"{table.said(pid)} does not listen at port {address.port}, {table.said(listening)} does"


def is_local(host: str) -> bool:
    """Say whether a host name means this machine: only own addresses can be bound."""
    return any(_can_bind(family, text) for family, text in _numeric(host))


def _find_listening(
    port: int, addresses: frozenset[str], database_path: str | None, table: ProcessTable
) -> FoundProcess:
    if table.is_there:
        return find_listening(port, addresses=addresses, database_path=database_path, table=table)
    from stashbench.collect.processes.portable import find_listening_portably

    return find_listening_portably(port)


def _numeric(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """Resolve a host name to addresses of either version of IP; the empty list where that fails."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    numeric: list[tuple[socket.AddressFamily, str]] = []
    for family, _, _, _, where in found:
        text = str(where[0]).partition("%")[0]
        numeric.append((family, str(ipaddress.ip_address(text))))
    return numeric


def _can_bind(family: int, address: str) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
