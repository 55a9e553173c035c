"""Reads Linux's /proc, from any root folder; what may not be read is empty, and processes may vanish at any time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stashbench.collect.processes.container import Container, container_of
from stashbench.collect.processes.sockets import Listener, parse_listeners, parse_local_addresses
from stashbench.model.text import one_line

PROC = Path("/proc")
_LARGEST_FILE_BYTES = 16 << 20
_NAME_LIMIT = 64


@dataclass(frozen=True, slots=True)
class ProcessTable:
    """The processes below a /proc folder."""

    root: Path = PROC

    @property
    def is_there(self) -> bool:
        """Whether this system has a /proc that tells of sockets."""
        return (self.root / "net" / "tcp").exists()

    def pids(self) -> list[int]:
        """List all processes we can see."""
        try:
            return sorted(int(entry.name) for entry in self.root.iterdir() if entry.name.isdecimal())
        except OSError:
            return []

    def name(self, pid: int) -> str:
        """Return the program's short name (at most 15 bytes are kept by the kernel)."""
        return one_line(self._text(pid, "comm"), _NAME_LIMIT) or "a process"

    def said(self, pid: int) -> str:
        """Name a process for a message: its number, program, and container if it is in one."""
        found = self.container(pid)
        return f"process {pid} ({self.name(pid)}{f' in {found}' if found else ''})"

    def arguments(self, pid: int) -> list[str]:
        """Return the command line by words."""
        return self._text(pid, "cmdline").rstrip("\0").split("\0")

    def parent(self, pid: int) -> int:
        """Return the parent, 0 where there is none to see."""
        fields = self._text(pid, "stat").rpartition(")")[2].split()
        return int(fields[1]) if len(fields) > 1 and fields[1].isdecimal() else 0

    def line(self, pid: int) -> list[int]:
        """Return a process and its ancestors."""
        line: list[int] = []
        while pid > 0 and pid not in line:
            line.append(pid)
            pid = self.parent(pid)
        return line

    def heads(self, pids: Iterable[int]) -> list[int]:
        """Return those that descend from no other of them: workers share their parent's sockets."""
        wanted = set(pids)
        return [pid for pid in sorted(wanted) if not wanted & set(self.line(pid)[1:])]

    def container(self, pid: int) -> Container | None:
        """Return the container a process is in, by its control group."""
        return container_of(self._text(pid, "cgroup"))

    def network_namespace(self, pid: int | None = None) -> str:
        """Return a word for the network a process lives in (ours for None); empty where we may not ask."""
        return _link(self.root / (str(pid) if pid else "self") / "ns" / "net")

    def listeners(self, pid: int | None = None) -> list[Listener]:
        """Return the listening TCP sockets of a process's network (ours for None), over both versions of IP."""
        found: list[Listener] = []
        for table in ("tcp", "tcp6"):
            found += parse_listeners(self._text(pid, f"net/{table}"))
        return found

    def local_addresses(self, pid: int) -> frozenset[str]:
        """Return the own IPv4 addresses of a process's network."""
        return parse_local_addresses(self._text(pid, "net/fib_trie"))

    def holders(self, inodes: frozenset[str], pids: Iterable[int] | None = None) -> list[int]:
        """Return the processes that hold one of these sockets, as far as we may look."""
        wanted = {f"socket:[{inode}]" for inode in inodes}
        if not wanted:
            return []
        return [
            pid
            for pid in (self.pids() if pids is None else pids)
            if any(_link(descriptor) in wanted for descriptor in self.descriptors(pid))
        ]

    def socket_inodes(self, pid: int) -> frozenset[str]:
        """Return the inodes of a process's sockets."""
        links = (_link(descriptor) for descriptor in self.descriptors(pid))
        return frozenset(link[8:-1] for link in links if link.startswith("socket:["))

    def listens(self, pid: int) -> bool:
        """Say whether a process itself listens at any port."""
        return bool({listener.inode for listener in self.listeners(pid)} & self.socket_inodes(pid))

    def descriptors(self, pid: int) -> Iterator[Path]:
        """Go through a process's open files; none where we may not look."""
        try:
            yield from (self.root / str(pid) / "fd").iterdir()
        except OSError:
            return

    def may_look_into(self, pid: int) -> bool:
        """Say whether a process's open files may be seen by us: their list may be permitted, and what they are not."""
        try:
            descriptors = list((self.root / str(pid) / "fd").iterdir())
        except OSError:
            return False
        return not descriptors or any(_link(descriptor) for descriptor in descriptors)

    def opened(self, pid: int, path: str) -> list[Path]:
        """Return the descriptors with which a process has a file open, the path being as the process sees it."""
        return [descriptor for descriptor in self.descriptors(pid) if _link(descriptor) == path]

    def _text(self, pid: int | None, name: str) -> str:
        path = self.root / name if pid is None else self.root / str(pid) / name
        try:
            with path.open("rb") as file:
                return file.read(_LARGEST_FILE_BYTES).decode("utf-8", "surrogateescape")
        except OSError:
            return ""


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""
