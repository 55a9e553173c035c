"""Where the figures of the server's machine come from: from here if it runs here, else from a node_exporter there."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stashbench.collect.exporter.address import parse_address
from stashbench.collect.exporter.choice import ExporterChoice
from stashbench.collect.exporter.families import untold
from stashbench.collect.exporter.host import Exporter
from stashbench.collect.exporter.scrape import ScrapeError
from stashbench.model.target import Facility, Reach
from stashbench.stash.address import ServerAddress
from stashbench.stash.discovery import FoundProcess, is_local
from stashbench.target.reaches import host_reach

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings


@dataclass(frozen=True, kw_only=True)
class ServerMachine:
    """Whether the server runs on this machine, and the node_exporter to ask where it does not."""

    reach: Reach
    is_here: bool
    exporter: ExporterChoice | None = None
    warnings: tuple[str, ...] = ()


def find_machine(
    settings: TargetSettings, address: ServerAddress, process: FoundProcess, database_path: str | None
) -> ServerMachine:
    """Decide where the machine's figures come from, and try it.

    Raises:
        UsageError: the node_exporter's address cannot be read, or carries a password.
    """
    is_here = process.pid is not None
    if not process.may_be_elsewhere:
        is_here = is_here or bool(process.candidates) or is_local(address.host)
    if settings.node_exporter is None:
        return ServerMachine(reach=_reach_without(address, is_here=is_here), is_here=is_here)
    choice = ExporterChoice(
        parse_address(settings.node_exporter),
        database_path,
        str(settings.ca_file) if settings.ca_file else None,
        settings.insecure,
    )
    if process.pid is not None:
        warning = (
            f"The node_exporter at {choice.address.url} was not asked, because the server runs on this machine, which "
            "tells more by itself: leave out --stash-node-exporter."
        )
        return ServerMachine(reach=host_reach(), is_here=True, warnings=(warning,))
    return _try_exporter(choice, address)


def _try_exporter(choice: ExporterChoice, address: ServerAddress) -> ServerMachine:
    exporter = Exporter(choice.source, choice.database_path)
    try:
        reading = exporter.read()
    except ScrapeError as error:
        reason = f"the node_exporter at {choice.address.url} {error}; see whether it runs and --stash-node-exporter"
        reach = Reach(facility=Facility.HOST, is_available=False, reason=reason)
        return ServerMachine(reach=reach, is_here=False, warnings=(f"Nothing is known of the machine: {reason}.",))
    missing = untold(reading)
    lacks = f"; it does not tell {', '.join(missing)}" if missing else ""
    reason = f"read from {exporter.describe()}{lacks}"
    reach = Reach(facility=Facility.HOST, is_available=True, reason=reason)
    return ServerMachine(reach=reach, is_here=False, exporter=choice, warnings=_other_machine(choice, address))


def _other_machine(choice: ExporterChoice, address: ServerAddress) -> tuple[str, ...]:
    """Warn where server and exporter have no address in common; behind a proxy that is no fault."""
    theirs, servers = _addresses(choice.address.host), _addresses(address.host)
    if not theirs or not servers or theirs & servers:
        return ()
    warning = (
        f"The node_exporter answers at {choice.address.host}, the server at {address.host}, which is another address: "
        "make sure that both are one machine."
    )
    return (warning,)


def _addresses(host: str) -> frozenset[str]:
    try:
        return frozenset(str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return frozenset()


def _reach_without(address: ServerAddress, *, is_here: bool) -> Reach:
    if is_here:
        return host_reach()
    how = "name a node_exporter there with --stash-node-exporter, or run stashbench there"
    if is_local(address.host):
        reason = f"what listens at port {address.port} leads on, so this machine's load need not be the server's; {how}"
    else:
        reason = f"{address.host} is another machine; {how}, to see its processor, memory and disks"
    return Reach(facility=Facility.HOST, is_available=False, reason=reason)
