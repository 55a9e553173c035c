"""The same questions through psutil, for systems without Linux's /proc (Windows, macOS)."""

from __future__ import annotations

from collections.abc import Iterator

from stashbench.collect.processes.finding import FoundProcess
from stashbench.collect.processes.forwarder import Role, role_of
from stashbench.model.text import one_line

_NAME_LIMIT = 64


def find_listening_portably(port: int) -> FoundProcess:
    """Return the process that listens at a TCP port, as far as the system tells this user."""
    import psutil  # type: ignore[import-untyped]  # ships no types

    owners = set(_owners(port))
    heads = {pid for pid in owners if _parent(pid) not in owners}
    if not heads:
        reason = f"the process at port {port} cannot be seen by this user; pass --stash-pid, or run as administrator"
        return FoundProcess(None, reason)
    if len(heads) > 1:
        several = ", ".join(map(str, sorted(heads)))
        return FoundProcess(None, f"several processes listen at port {port} ({several}); pass --stash-pid")
    (pid,) = heads
    try:
        name = one_line(psutil.Process(pid).name(), _NAME_LIMIT)
    except psutil.Error:
        name = "a process"
    role = role_of(name)
    if role in {Role.CONTAINER, Role.VIRTUAL_MACHINE}:
        reason = (
            f"port {port} is held by process {pid} ({name}), which {Role.VIRTUAL_MACHINE.value} that runs containers; "
            "its processes are not this machine's"
        )
        return FoundProcess(None, reason, may_be_elsewhere=True)
    if role is not None:
        reason = f"port {port} is held by process {pid} ({name}), which {role.value}; pass the server's --stash-pid"
        return FoundProcess(None, reason, may_be_elsewhere=True)
    return FoundProcess(pid, f"process {pid} ({name}) listens at port {port}")


def _owners(port: int) -> Iterator[int]:
    """Ask for all sockets at once, which macOS allows to root alone, else process by process."""
    import psutil

    try:
        for item in psutil.net_connections(kind="tcp"):
            if item.status == psutil.CONN_LISTEN and item.laddr.port == port and item.pid:
                yield item.pid
    except psutil.AccessDenied:
        for process in psutil.process_iter():
            try:
                sockets = process.net_connections(kind="tcp")
            except psutil.Error:
                continue  # another user's, or gone
            if any(item.status == psutil.CONN_LISTEN and item.laddr.port == port for item in sockets):
                yield process.pid


def _parent(pid: int) -> int:
    import psutil

    try:
        return int(psutil.Process(pid).ppid())
    except psutil.Error:
        return 0
