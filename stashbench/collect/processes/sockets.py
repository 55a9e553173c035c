"""Listening sockets and own addresses out of Linux's /proc/net texts. Pure."""

from __future__ import annotations

import ipaddress
import re
import socket
import sys
from typing import NamedTuple

_LISTEN = "0A"
_ADDRESS, _STATE, _INODE = 1, 3, 9
_WORD_BYTES = 4
_ADDRESS_LINE = re.compile(r"\|--\s+(\S+)\s*$")


class Listener(NamedTuple):
    """A listening TCP socket; `address` is numeric, "0.0.0.0" or "::" for all addresses."""

    address: str
    port: int
    inode: str

    def takes(self, addresses: frozenset[str]) -> bool:
        """Say whether connections to one of these addresses arrive here; empty means any address."""
        if not addresses or ipaddress.ip_address(self.address).is_unspecified:
            return True
        return self.address in addresses


def parse_listeners(text: str) -> list[Listener]:
    """Parse /proc/net/tcp or tcp6; lines of another form are left out."""
    found = []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) <= _INODE or fields[_STATE] != _LISTEN:
            continue
        address, _, port = fields[_ADDRESS].partition(":")
        try:
            found.append(Listener(_address(address), int(port, 16), fields[_INODE]))
        except (ValueError, OSError):
            continue
    return found


def parse_local_addresses(text: str) -> frozenset[str]:
    """Parse /proc/net/fib_trie: the addresses that belong to this network itself ("/32 host LOCAL")."""
    addresses = set()
    last = ""
    for line in text.splitlines():
        match = _ADDRESS_LINE.search(line)
        if match:
            last = match.group(1)
        elif "/32 host LOCAL" in line:
            addresses.add(last)
    return frozenset(addresses - {""})


def _address(digits: str) -> str:
    """Turn hexadecimal digits, 32 bits at a time in the machine's byte order, into a written address."""
    raw = bytes.fromhex(digits)
    words = [raw[at : at + _WORD_BYTES] for at in range(0, len(raw), _WORD_BYTES)]
    if sys.byteorder == "little":
        words = [word[::-1] for word in words]
    packed = b"".join(words)
    text = socket.inet_ntop(socket.AF_INET if len(packed) == _WORD_BYTES else socket.AF_INET6, packed)
    mapped = ipaddress.ip_address(text)
    # A socket for IPv4 alone may be listed as an IPv6 one.
    if isinstance(mapped, ipaddress.IPv6Address) and mapped.ipv4_mapped is not None:
        return str(mapped.ipv4_mapped)
    return text
