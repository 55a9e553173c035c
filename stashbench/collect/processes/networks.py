"""Looks for a listening process in the networks of containers on this machine (network namespaces other than ours)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from stashbench.collect.processes.forwarder import Destination, Role, destinations_of, role_of
from stashbench.collect.processes.table import ProcessTable

_HOPS = 3  # a forwarder in a container's network may lead to another one: rootless engines do


class InNetworks(NamedTuple):
    """The processes found; `guesses` are those that fit but could not be looked into."""

    pids: list[int]
    guesses: list[int]
    has_hidden: bool


def find_in_networks(
    table: ProcessTable, destinations: Iterable[Destination], *, below: Iterable[int] = ()
) -> InNetworks:
    """Return who listens at one of these places in a network that is not ours.

    `below` are forwarders: what descends from them in another network counts whatever its port, for podman's monitor
    process is its container's parent.
    """
    networks, hidden, has_hidden = _networks(table)
    wanted = list(destinations)
    seen: set[Destination] = set()
    found: list[int] = []
    for _ in range(_HOPS):
        owners = [pid for where in wanted for pid in _owners(table, networks, where)]
        seen.update(wanted)
        found += [pid for pid in owners if role_of(table.name(pid)) is not Role.CONTAINER]
        wanted = [
            where
            for pid in owners
            if role_of(table.name(pid)) is Role.CONTAINER
            for where in destinations_of(table.arguments(pid), _port_of(table, pid, seen))
            if where not in seen
        ]
        if not wanted:
            break
    if not found:
        children = in_subtrees(table, [pid for pids in networks.values() for pid in pids], list(below))
        found = [pid for pid in children if table.listens(pid)]
    guesses = [] if found else [pid for pid in hidden if any(_fits(table, pid, where) for where in seen)]
    return InNetworks(table.heads(found), table.heads(guesses), has_hidden)


def in_subtrees(table: ProcessTable, pids: Iterable[int], heads: Iterable[int]) -> list[int]:
    """Return those processes that are one of `heads`, or a child or parent of one."""
    tops = set(heads)
    above = {ancestor for head in tops for ancestor in table.line(head)} - {1}
    return [pid for pid in pids if tops & set(table.line(pid)) or pid in above]


def _networks(table: ProcessTable) -> tuple[dict[str, list[int]], list[int], bool]:
    """Group the processes by network, ours left out.

    Also list those in containers whose network we may not see, and say whether there are any of which we may not.
    """
    own = table.network_namespace()
    networks: dict[str, list[int]] = {}
    hidden = []
    has_hidden = False
    for pid in table.pids():
        network = table.network_namespace(pid)
        if not network:
            has_hidden = True
            if table.container(pid) is not None:
                hidden.append(pid)
        elif network != own:
            networks.setdefault(network, []).append(pid)
    return networks, hidden, has_hidden


def _owners(table: ProcessTable, networks: dict[str, list[int]], where: Destination) -> list[int]:
    owners: list[int] = []
    for pids in networks.values():
        inodes = frozenset(item.inode for item in table.listeners(pids[0]) if item.port == where.port)
        if inodes and _has_address(table, pids[0], where.address):
            owners += table.heads(table.holders(inodes, pids))
    return owners


def _has_address(table: ProcessTable, pid: int, address: str) -> bool:
    """Say whether an address is this network's own; IPv6 ones are told nowhere in /proc/net/fib_trie."""
    return not address or ":" in address or address in table.local_addresses(pid)


def _fits(table: ProcessTable, pid: int, where: Destination) -> bool:
    """Say whether in the network of a process, into which we may not look, something listens at that place."""
    return any(item.port == where.port for item in table.listeners(pid)) and _has_address(table, pid, where.address)


def _port_of(table: ProcessTable, pid: int, seen: set[Destination]) -> int:
    """Return at which of the ports we came by a forwarder listens."""
    own = table.socket_inodes(pid)
    ports = {item.port for item in table.listeners(pid) if item.inode in own}
    return next((where.port for where in seen if where.port in ports), 0)
