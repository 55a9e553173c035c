"""The machine an audit ran on, so that results of unlike machines are never held against each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from stashbench.model.base import Model


def fingerprint_of(facts: Mapping[str, str]) -> str:
    """Hash facts to sixteen hexadecimal digits; their order does not matter."""
    return hashlib.sha256(json.dumps(dict(facts), sort_keys=True).encode()).hexdigest()[:16]


class Environment(Model):
    """Facts of the auditing machine. `fingerprint` hashes `hard_facts`: what must match for a stored comparison.

    Older results have no `hard_facts`, only their hash.
    """

    fingerprint: str
    os: str
    kernel: str
    architecture: str
    cpu_model: str
    cpu_count: int
    cpu_quota_cores: float | None = None
    memory_bytes: int | None = None
    virtualisation: str | None = None
    python_version: str = ""
    python_implementation: str = ""
    sqlite_version: str = ""
    stashbench_version: str = ""
    packages: dict[str, str] = {}
    hostname_hash: str = ""
    boot_id: str | None = None
    load_1m_before: float | None = None
    cpu_steal_percent: float | None = None
    disk_model: str | None = None
    disk_is_rotational: bool | None = None
    filesystem: str | None = None
    warnings: tuple[str, ...] = ()
    hard_facts: dict[str, str] = {}
