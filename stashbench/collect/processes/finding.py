"""Finds the process behind a port: in our own network, behind a forwarder, or in a container's network."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stashbench.collect.processes.forwarder import Destination, Role, container_name, destinations_of, role_of
from stashbench.collect.processes.networks import find_in_networks, in_subtrees
from stashbench.collect.processes.table import ProcessTable

ASK_ENGINE = "for a container `docker inspect --format '{{.State.Pid}}' NAME` tells the number, likewise with podman"
PASS_PID = f"pass it with --stash-pid ({ASK_ENGINE})"


@dataclass(frozen=True, slots=True)
class FoundProcess:
    """The process that listens at an address, or the reason why it is not known.

    `candidates` may be the server too: they fit, or have a file open where the server has its database. What the file
    holds tells whether one is. `may_be_elsewhere`: what listens here leads on, perhaps to
    another machine, so this machine's load need not be the server's.
    """

    pid: int | None
    reason: str
    candidates: tuple[int, ...] = ()
    may_be_elsewhere: bool = False


def find_listening(
    port: int,
    *,
    addresses: frozenset[str] = frozenset(),
    database_path: str | None = None,
    table: ProcessTable | None = None,
) -> FoundProcess:
    """Return the process that serves a port of this machine.

    `addresses` are the numeric ones a client would connect to, `database_path` the file the server says it works on,
    as it sees it: a process that has one of that name open may be the server, whatever else holds the port.
    """
    table = table or ProcessTable()
    listeners = [listener for listener in table.listeners() if listener.port == port]
    # Two servers may share a port on different addresses; where none fits, the name may be answered differently later.
    fitting = [listener for listener in listeners if listener.takes(addresses)] or listeners
    inodes = frozenset(listener.inode for listener in fitting)
    if not inodes:
        return _elsewhere(table, port, database_path, [], f"nothing listens at port {port} in our own network")
    heads = table.heads(table.holders(inodes))
    if not heads:
        return _behind_hidden(table, port, database_path)
    if all(role_of(table.name(pid)) is Role.CONTAINER for pid in heads):
        said = f"port {port} is forwarded by {table.name(heads[0])} into a container"
        return _elsewhere(table, port, database_path, heads, said)
    workers = _database_holders(table, database_path)
    found = _by_itself(table, port, heads)
    if workers and not in_subtrees(table, workers, heads):
        return replace(found, candidates=tuple(table.heads(workers)))
    return found


def find_in_container(address: str, port: int, *, table: ProcessTable | None = None) -> FoundProcess:
    """Return the process that listens at an address which is a container's own on this machine, if there is one."""
    table = table or ProcessTable()
    found = find_in_networks(table, [Destination(address, port)])
    if not found.pids:
        return FoundProcess(None, f"{address} is no container's address on this machine")
    return _choose(table, found.pids, f"listens at {address} port {port}")


def _by_itself(table: ProcessTable, port: int, heads: list[int]) -> FoundProcess:
    """Take the one process at a port, unless it is known to lead on."""
    if len(heads) > 1:
        several = f"several processes listen at port {port}: {_list(table, heads)}; pass the server's with --stash-pid"
        return FoundProcess(None, several, tuple(heads))
    said = table.said(heads[0])
    role = role_of(table.name(heads[0]))
    if role is None:
        return FoundProcess(heads[0], f"{said} listens at port {port}")
    reason = f"port {port} is held by {said}, which {role.value}; {_beyond(role)}"
    return FoundProcess(None, reason, may_be_elsewhere=True)


def _behind_hidden(table: ProcessTable, port: int, database_path: str | None) -> FoundProcess:
    """Say what can be said of a port whose process we may not look into; everybody may read command lines."""
    forwarders = [pid for pid in table.pids() if destinations_of(table.arguments(pid), port)]
    if forwarders:
        said = f"port {port} is forwarded by {table.name(forwarders[0])} into a container"
        return _elsewhere(table, port, database_path, forwarders, said)
    reason = f"the process at port {port} belongs to another user or a container; run as that user or root, or "
    return FoundProcess(None, reason + PASS_PID)


def _elsewhere(
    table: ProcessTable, port: int, database_path: str | None, forwarders: list[int], said: str
) -> FoundProcess:
    """Look through the other networks of this machine."""
    names = [name for pid in forwarders if (name := container_name(table.arguments(pid)))]
    if names:
        said += f" ({', '.join(names)})"
    destinations = [where for pid in forwarders for where in destinations_of(table.arguments(pid), port)]
    found = find_in_networks(table, destinations or [Destination("", port)], below=forwarders)
    pids = found.pids
    if len(pids) != 1:
        workers = _database_holders(table, database_path)
        within = [pid for pid in workers if pid in found.pids or in_subtrees(table, [pid], found.pids)]
        pids = within or pids
        if workers and not pids:
            heads = table.heads(workers)
            reason = f"{said}; {_list(table, heads)} may be the server, or one like it; {PASS_PID}"
            return FoundProcess(None, reason, tuple(heads), may_be_elsewhere=True)
    if pids:
        return _choose(table, pids, f"serves it; {said}")
    if found.guesses:
        reason = (
            f"{said}; it may be {_list(table, found.guesses)}, into which this user may not look: run as root, or "
            f"{PASS_PID}"
        )
        return FoundProcess(None, reason, tuple(found.guesses), may_be_elsewhere=not forwarders)
    hidden = ", but this user may not look into all processes: run as root, or " if found.has_hidden else "; "
    reason = f"{said}, and no process of this machine was seen to serve it there{hidden}{PASS_PID}"
    return FoundProcess(None, reason, may_be_elsewhere=not forwarders)


def _choose(table: ProcessTable, pids: list[int], why: str) -> FoundProcess:
    heads = table.heads(pids)
    if len(heads) == 1:
        return FoundProcess(heads[0], f"{table.said(heads[0])} {why}")
    reason = f"several processes could be the server: {_list(table, heads)}; {PASS_PID}"
    return FoundProcess(None, reason, tuple(heads))


def _database_holders(table: ProcessTable, database_path: str | None) -> list[int]:
    """Return the processes that have this very path open and listen somewhere, as a server does."""
    if database_path is None:
        return []
    holders = [pid for pid in table.pids() if table.opened(pid, database_path)]
    return [pid for pid in holders if table.listens(pid)]


def _list(table: ProcessTable, pids: list[int]) -> str:
    shown = 5
    words = ", ".join(table.said(pid) for pid in pids[:shown])
    return words if len(pids) <= shown else f"{words} and {len(pids) - shown} more"


def _beyond(role: Role) -> str:
    if role is Role.VIRTUAL_MACHINE:
        return "its processes are not this machine's: run stashbench inside, or name a --stash-node-exporter there"
    if role is Role.TUNNEL:
        return "run stashbench over there, or name a --stash-node-exporter of that machine"
    return "if the server behind it runs on this machine, pass its --stash-pid"
