"""The machine an audit runs on: a fingerprint of what must be alike for a stored comparison, and what is good to know.

Only facts that stay the same while the machine does are hashed. Clock readings, host name, load and patch levels are
recorded beside it, because a fingerprint that changes by itself makes every run "not comparable".
"""

from __future__ import annotations

import gc
import hashlib
import platform
import re
import socket
import sqlite3
import sys
import sysconfig
import time
from importlib import metadata
from pathlib import Path

import stashbench
from stashbench.collect import machine
from stashbench.collect.filesystem import FilesystemFacts, examine_filesystem
from stashbench.model.environment import Environment, fingerprint_of

# Raise it when a change of ours makes timings of unchanged servers incomparable (client, rounds, timer).
TIMING_POLICY = 2
_STEAL_WINDOW_SECONDS = 0.25
_STEAL_PERCENT = 2.0
_LOAD_PER_CORE = 0.5
_LEAST_MEMORY_BYTES = 512 << 20


def collect_environment(database_path: Path | None) -> Environment:
    """Describe this machine; takes a quarter of a second, most of it to watch CPU steal. Never raises.

    Disk and file system are those of the database if its path is given, else they are None.
    """
    disk = examine_filesystem(database_path) if database_path is not None else FilesystemFacts()
    hard = hard_facts()
    load = machine.load_1m()
    steal = machine.steal_percent(_STEAL_WINDOW_SECONDS)
    return Environment(
        fingerprint=fingerprint_of(hard),
        os=f"{platform.system()} {_distribution()}".strip(),
        kernel=platform.release(),
        architecture=platform.machine(),
        cpu_model=machine.cpu_model(),
        cpu_count=machine.cpu_count(),
        cpu_quota_cores=machine.cpu_quota_cores(),
        memory_bytes=machine.memory_bytes(),
        virtualisation=machine.virtualisation(),
        python_version=platform.python_version(),
        python_implementation=platform.python_implementation(),
        sqlite_version=sqlite3.sqlite_version,
        stashbench_version=stashbench.__version__,
        packages=package_versions(),
        hostname_hash=hashlib.sha256(socket.gethostname().encode()).hexdigest()[:12],
        boot_id=machine.boot_id(),
        load_1m_before=load,
        cpu_steal_percent=steal,
        disk_model=disk.disk_model,
        disk_is_rotational=disk.is_rotational,
        filesystem=disk.kind,
        warnings=tuple(_warnings(load, steal, disk)),
        hard_facts=hard,
    )


def hard_facts() -> dict[str, str]:
    """Return what must be equal before two runs' times are held against each other."""
    return {
        "architecture": platform.machine(),
        "cpu_model": machine.cpu_model(),
        "cpu_count": str(machine.cpu_count()),
        "cpu_quota_cores": str(machine.cpu_quota_cores()),
        "virtualisation": str(machine.virtualisation()),
        "os": platform.system(),
        "kernel": _major_minor(platform.release()),
        "python": f"{platform.python_implementation()} {sys.version_info.major}.{sys.version_info.minor}",
        "python_build": _build_flags(),
        "timer": time.get_clock_info("perf_counter").implementation,
        "garbage_collection": str(gc.get_threshold()),
        "timing_policy": str(TIMING_POLICY),
    }


def package_versions() -> dict[str, str]:
    """Return the versions of the packages stashbench requires, as installed."""
    versions = {}
    try:
        requirements = metadata.requires("stashbench") or []
    except metadata.PackageNotFoundError:  # run from a source tree that is not installed
        return {}
    for requirement in requirements:
        if "extra ==" in requirement:
            continue
        name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def _warnings(load: float | None, steal: float | None, disk: FilesystemFacts) -> list[str]:
    cores = machine.cpu_count()
    warnings = []
    if steal is not None and steal >= _STEAL_PERCENT:
        warnings.append(f"CPU steal of {steal:.1f} %: other virtual machines take time from this one.")
    if load is not None and load >= _LOAD_PER_CORE * cores:
        warnings.append(f"High load before the run: {load:.1f} on {cores} cores; other programs take time.")
    quota = machine.cpu_quota_cores()
    if quota is not None and quota < cores:
        warnings.append(f"The CPU is limited to {quota:g} of {cores} cores; a burst is followed by a forced pause.")
    if machine.cpu_governor() == "powersave" and not machine.text_of("/sys/devices/system/cpu/intel_pstate/status"):
        warnings.append("The CPU's frequency policy is powersave; times are those of a slow clock.")
    available = machine.available_memory_bytes()
    if available is not None and available < _LEAST_MEMORY_BYTES:
        warnings.append(f"Only {available >> 20} MiB of memory are free; the file cache will not hold the database.")
    if disk.is_network:
        warnings.append(f"The database lies on a network file system ({disk.kind}).")
    return warnings


def _major_minor(release: str) -> str:
    found = re.match(r"\d+\.\d+", release)
    return found.group() if found else release


def _build_flags() -> str:
    is_free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    is_debug = hasattr(sys, "gettotalrefcount")
    # Development mode checks each allocation and warns of much: our own share of a request's time is another then.
    return f"free-threaded={is_free_threaded} debug={is_debug} development={sys.flags.dev_mode}"


def _distribution() -> str:
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return platform.release()
    return f"({told.get('PRETTY_NAME', told.get('NAME', 'unknown'))})"
