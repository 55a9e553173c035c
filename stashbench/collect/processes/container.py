"""Tells from a process's control group which container it is in. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

_SHOWN_DIGITS = 12
_ID = r"(?P<id>[0-9a-f]{12,64})"
_NAME = r"(?P<id>[^/]+)"

# The forms of both versions of control groups; the first that fits counts, the most specific come first.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("podman", re.compile(rf"/libpod-{_ID}(?:\.scope)?(?:/|$)")),
    ("Kubernetes", re.compile(rf"/kubepods[^\s]*/(?:[a-z-]+-)?{_ID}(?:\.scope)?(?:/|$)")),
    ("Kubernetes", re.compile(rf"/(?:cri-containerd|crio)-{_ID}\.scope(?:/|$)")),
    ("docker", re.compile(rf"/docker-{_ID}\.scope(?:/|$)")),
    ("docker", re.compile(rf"/docker/(?:buildkit/)?{_ID}(?:/|$)")),
    ("containerd", re.compile(rf"/(?:nerdctl|containerd)-{_ID}\.scope(?:/|$)")),
    ("containerd", re.compile(rf"/(?:default|moby|k8s\.io)/{_ID}(?:/|$)")),
    ("LXC", re.compile(rf"/lxc(?:\.payload)?[./]{_NAME}")),
    ("systemd-nspawn", re.compile(r"/machine\.slice/(?:machine-|systemd-nspawn@)(?P<id>[^/]+?)\.(?:scope|service)")),
    ("ECS", re.compile(rf"/ecs/[^\s]*?{_ID}(?:/|$)")),
)
# What runs beside containers in groups that look alike.
_NOT_CONTAINERS = ("libpod-conmon-",)


class Container(NamedTuple):
    """A container: what runs it, and its id or name."""

    engine: str
    id: str

    def __str__(self) -> str:
        """Name it as its engine's tools show it."""
        return f"{self.engine} container {self.id[:_SHOWN_DIGITS] if _is_hexadecimal(self.id) else self.id}"


def container_of(cgroup: str) -> Container | None:
    """Read /proc/PID/cgroup of either version; None where no known engine's form is in it."""
    for line in cgroup.splitlines():
        path = line.split(":", 2)[-1]
        if any(mark in path for mark in _NOT_CONTAINERS):
            continue
        for engine, form in _FORMS:
            found = form.search(path)
            if found and not found["id"].startswith(("monitor", "pivot")):
                return Container(engine, found["id"])
    return None


def _is_hexadecimal(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{12,64}", text))
