"""Programs that hold a port for somebody else: which they are, and where their command line says they lead. Pure."""

from __future__ import annotations

import ipaddress
import re
from enum import Enum
from itertools import pairwise
from typing import NamedTuple


class Role(Enum):
    """What a program that holds a port does with the connections."""

    CONTAINER = "forwards into a container"
    VIRTUAL_MACHINE = "forwards into a virtual machine"
    TUNNEL = "forwards to another machine"
    PROXY = "is a proxy"


class Destination(NamedTuple):
    """Where connections are led: an address in another network (empty: not told) and a port there (0: not told)."""

    address: str
    port: int


# By the first 15 bytes of the program's name, which is all the kernel keeps.
_ROLES: dict[str, Role] = {
    **dict.fromkeys(("docker-proxy", "rootlessport", "rootlesskit", "slirp4netns", "pasta", "passt"), Role.CONTAINER),
    **dict.fromkeys(("pasta.avx2", "passt.avx2", "rootlessport-ch", "conmon", "conmonrs", "netavark"), Role.CONTAINER),
    **dict.fromkeys(("kube-proxy", "nerdctl", "lxd", "incusd"), Role.CONTAINER),
    **dict.fromkeys(("com.docker.back", "com.docker.backend", "com.docker.backend.exe"), Role.VIRTUAL_MACHINE),
    **dict.fromkeys(("vpnkit", "gvproxy", "limactl", "wslrelay.exe", "OrbStack Helper", "qemu"), Role.VIRTUAL_MACHINE),
    **dict.fromkeys(("ssh", "ssh.exe", "autossh", "cloudflared", "tailscaled", "frpc", "chisel"), Role.TUNNEL),
    **dict.fromkeys(("nginx", "caddy", "traefik", "haproxy", "apache2", "httpd", "envoy", "lighttpd"), Role.PROXY),
    **dict.fromkeys(("squid", "socat", "systemd-socket", "angie", "h2o", "varnishd", "hitch", "pound"), Role.PROXY),
}
_RANGE = re.compile(r"(\d+)(?:-(\d+))?$")


def role_of(name: str) -> Role | None:
    """Return what a program by this name does with a port, None for one that may be the server itself."""
    if name.startswith("qemu-system"):
        return Role.VIRTUAL_MACHINE
    return _ROLES.get(name) or _ROLES.get(name[:15])


def destinations_of(arguments: list[str], port: int) -> list[Destination]:
    """Read from a forwarder's command line where connections to `port` are led; empty where it does not say."""
    found = [*_docker(arguments, port), *_pasta(arguments, port)]
    return list(dict.fromkeys(found))


def container_name(arguments: list[str]) -> str:
    """Return the container's name out of podman's monitor process (`conmon ... -n NAME`); else nothing."""
    return _value(arguments, "-n") if arguments and arguments[0].rpartition("/")[2].startswith("conmon") else ""


def _docker(arguments: list[str], port: int) -> list[Destination]:
    address, inside = _value(arguments, "-container-ip"), _value(arguments, "-container-port")
    if not inside.isdecimal() or _value(arguments, "-host-port") not in {str(port), ""}:
        return []
    try:
        return [Destination(str(ipaddress.ip_address(address)), int(inside))]
    except ValueError:
        return []


def _pasta(arguments: list[str], port: int) -> list[Destination]:
    """Read `-t [ADDRESS/]FROM[-TO][:FROM[-TO]]`, several of them separated by commas."""
    found = []
    for flag, value in pairwise(arguments):
        if flag not in {"-t", "--tcp-ports"}:
            continue
        for rule in value.split(","):
            outside, _, inside = rule.rpartition("/")[2].partition(":")
            ours, theirs = _RANGE.match(outside), _RANGE.match(inside or outside)
            if ours and theirs and int(ours[1]) <= port <= int(ours[2] or ours[1]):
                found.append(Destination("", int(theirs[1]) + port - int(ours[1])))
    return found


def _value(arguments: list[str], flag: str) -> str:
    """Return what follows a flag, given with one dash or two, with or without an equals sign."""
    for index, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if name.replace("--", "-", 1) == flag:
            return value if equals else "".join(arguments[index + 1 : index + 2])
    return ""
