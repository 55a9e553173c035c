"""Which process of this machine is the server, and how sure that is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from stashbench.collect.processes.table import ProcessTable
from stashbench.errors import UsageError
from stashbench.stash.client import StashClient
from stashbench.stash.discovery import FoundProcess, explain_stranger, find_open_database, find_process
from stashbench.stash.probe import ServerFacts
from stashbench.target.server_database import explain_other

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings


def find_server_process(settings: TargetSettings, client: StashClient, facts: ServerFacts) -> FoundProcess:
    """Take the process the user names, else the one behind the address.

    Raises:
        UsageError: the process the user names does not exist.
    """
    if settings.pid is not None:
        return _given(settings.pid)
    return find_listening_process(client, facts)


def find_listening_process(client: StashClient, facts: ServerFacts) -> FoundProcess:
    """Return the process behind the address; of several containers the one with this server's database."""
    found = find_process(client.address, facts.database_path)
    return _choose_by_database(found, client, facts) if found.candidates else found


def strangeness(pid: int, client: StashClient, facts: ServerFacts) -> tuple[str, ...]:
    """Warn where a process the user names is not the one that listens."""
    stranger = explain_stranger(pid, client.address, facts.database_path)
    if not stranger:
        return ()
    return (f"--stash-pid: {stranger}; unless that is a proxy before the server, another program was watched",)


def _given(pid: int) -> FoundProcess:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError) as error:
        message = f"There is no process {pid} on this machine: correct --stash-pid, or leave it out."
        raise UsageError(message) from error
    except PermissionError:
        pass  # it is there and another user's
    return FoundProcess(pid, f"process {pid} was given by --stash-pid")


def _choose_by_database(found: FoundProcess, client: StashClient, facts: ServerFacts) -> FoundProcess:
    """Take the process whose database holds what the server tells, if there is just one; a name alone proves nothing.

    Behind a tunnel the server may be another machine's, with a file of the same name here.
    """
    if facts.database_path is None:
        return found
    fitting = []
    for pid in found.candidates:
        path = find_open_database(facts.database_path, pid).path
        if path is not None and not explain_other(path, client, facts):
            fitting.append(pid)
    if len(fitting) != 1:
        return found
    said = ProcessTable().said(fitting[0])
    reason = f"{said} has the server's database open, behind what holds port {client.address.port}"
    return FoundProcess(fitting[0], reason)
