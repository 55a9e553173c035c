"""A /proc folder made of plain files, so that any machine's state can be looked at, containers included."""

from __future__ import annotations

import ipaddress
import sys

import pytest

from stashbench.collect.processes.table import ProcessTable

HEADER = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def hexadecimal(address):
    packed = ipaddress.ip_address(address).packed
    words = [packed[at : at + 4] for at in range(0, len(packed), 4)]
    return b"".join(word[::-1] if sys.byteorder == "little" else word for word in words).hex().upper()


def socket_line(number, address, port, inode, state="0A"):
    local = f"{hexadecimal(address)}:{port:04X}"
    queues = "00000000:00000000 00:00000000 00000000"
    return f"   {number}: {local} 00000000:0000 {state} {queues}     0        0 {inode} 1 0\n"


class RecordedMachine:
    """Writes a /proc folder. A network is (name, own addresses, listeners as (address, port, inode))."""

    def __init__(self, root):
        self.root = root
        self.networks = {}
        self.table = ProcessTable(root)
        self.network("host", ["127.0.0.1", "192.0.2.1"], [])

    def network(self, name, addresses, listeners):
        self.networks[name] = (addresses, listeners)
        if name == "host":
            self._write_network(self.root / "self", name)
            (self.root / "net").exists() or (self.root / "net").symlink_to("self/net")

    def process(
        self,
        pid,
        name,
        *,
        network="host",
        parent=1,
        cgroup="0::/system.slice/x.service",
        sockets=(),
        files=(),
        arguments=(),
        is_hidden=False,
    ):
        folder = self.root / str(pid)
        self._write_network(folder, network, is_hidden=is_hidden)
        (folder / "comm").write_text(name + "\n")
        (folder / "cmdline").write_text("\0".join([name, *map(str, arguments)]) + "\0")
        (folder / "stat").write_text(f"{pid} ({name}) S {parent} 1 1 0\n")
        (folder / "cgroup").write_text(cgroup + "\n")
        (folder / "fd").mkdir()
        for number, target in enumerate([*(f"socket:[{inode}]" for inode in sockets), *files]):
            if not is_hidden:
                (folder / "fd" / str(number)).symlink_to(target)

    def _write_network(self, folder, name, *, is_hidden=False):
        addresses, listeners = self.networks[name]
        (folder / "net").mkdir(parents=True, exist_ok=True)
        (folder / "ns").mkdir(exist_ok=True)
        link = folder / "ns" / "net"
        if not is_hidden and not link.is_symlink():
            link.symlink_to(f"net:[{name}]")
        lines = [socket_line(at, *listener) for at, listener in enumerate(listeners) if ":" not in listener[0]]
        (folder / "net" / "tcp").write_text(HEADER + "".join(lines))
        lines = [socket_line(at, *listener) for at, listener in enumerate(listeners) if ":" in listener[0]]
        (folder / "net" / "tcp6").write_text(HEADER + "".join(lines))
        trie = "".join(f"           |-- {address}\n              /32 host LOCAL\n" for address in addresses)
        (folder / "net" / "fib_trie").write_text("Main:\n  +-- 0.0.0.0/0 3 0 5\n" + trie)


@pytest.fixture
def machine(tmp_path):
    root = tmp_path / "proc"
    root.mkdir()
    return RecordedMachine(root)
