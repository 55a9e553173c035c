"""Facts of this machine, one small function each. None of them raises: what a system does not tell is None."""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path

from stashbench.collect.sampler.proc_files import parse_cpu, parse_named

_CONTAINER_SIGNS = (("/.dockerenv", "docker"), ("/run/.containerenv", "podman"))
_CONTAINER_WORDS = ("docker", "kubepods", "containerd", "libpod", "lxc")
_VENDORS = {
    "qemu": "kvm",
    "kvm": "kvm",
    "vmware": "vmware",
    "innotek": "virtualbox",
    "virtualbox": "virtualbox",
    "xen": "xen",
    "microsoft corporation": "hyper-v",
    "amazon ec2": "kvm",
    "google": "kvm",
    "firecracker": "kvm",
}


def cpu_model() -> str:
    """Name the processor, without clock readings, which change from one look to the next."""
    for line in text_of("/proc/cpuinfo").splitlines():
        name, _, value = line.partition(":")
        if name.strip() in {"model name", "Hardware", "cpu model"}:
            return " ".join(value.split()).partition(" @ ")[0]
    return platform.processor() or platform.machine() or "unknown"


def cpu_count() -> int:
    """Count the processors this process may run on (not those of the machine, if it was pinned)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cpu_quota_cores() -> float | None:
    """Return the CPU limit of the control group in cores; None where there is no limit or no control group."""
    limits = []
    for line in text_of("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            limits += [_quota_2(directory) for directory in _upwards("/sys/fs/cgroup", path)]
            limits += [_quota_2(directory) for directory in _upwards("/sys/fs/cgroup/unified", path)]
        elif "cpu" in controllers.split(","):
            limits += [_quota_1(directory) for directory in _upwards("/sys/fs/cgroup/cpu", path)]
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def memory_bytes() -> int | None:
    """Return the machine's memory."""
    total = parse_named(text_of("/proc/meminfo").encode()).get(b"MemTotal")
    if total is not None:
        return total * 1024
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def virtualisation() -> str | None:
    """Name container and hypervisor, e.g. "docker in kvm"; "none" for bare metal, None where nothing tells."""
    if not sys.platform.startswith("linux"):
        return None
    container, machine = _container(), _hypervisor()
    if container:
        return container if machine in {None, "none"} else f"{container} in {machine}"
    return machine


def boot_id() -> str | None:
    """Return an id that changes with each start of the machine."""
    return text_of("/proc/sys/kernel/random/boot_id") or None


def load_1m() -> float | None:
    """Return the load average of the last minute."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None


def steal_percent(window_seconds: float) -> float | None:
    """Measure for a moment which share of CPU time other virtual machines took; None where the kernel does not say."""
    before = text_of("/proc/stat")
    if not before:
        return None
    time.sleep(window_seconds)
    _, total_before, steal_before = parse_cpu(before.encode() + b"\n")
    _, total_after, steal_after = parse_cpu(text_of("/proc/stat").encode() + b"\n")
    ticks = total_after - total_before
    return 100.0 * (steal_after - steal_before) / ticks if ticks > 0 else None


def available_memory_bytes() -> int | None:
    """Return the memory that programs could have without swapping."""
    available = parse_named(text_of("/proc/meminfo").encode()).get(b"MemAvailable")
    return None if available is None else available * 1024


def cpu_governor() -> str:
    """Name the frequency policy; empty where there is none to choose."""
    return text_of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")


def text_of(path: str) -> str:
    """Read a small system file; empty where it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _container() -> str:
    for path, name in _CONTAINER_SIGNS:
        if Path(path).exists():
            return name
    told = text_of("/run/systemd/container")
    if told:
        return told
    groups = text_of("/proc/1/cgroup")
    return next((word for word in _CONTAINER_WORDS if f"/{word}" in groups), "")


def _hypervisor() -> str | None:
    if "microsoft" in platform.release().lower():
        return "wsl"
    told = text_of("/sys/hypervisor/type")
    if told:
        return told
    identity = f"{text_of('/sys/class/dmi/id/sys_vendor')} {text_of('/sys/class/dmi/id/product_name')}".lower()
    for word, name in _VENDORS.items():
        if word in identity:
            # Microsoft also makes bare metal, which the processor's own flag tells apart.
            return name if name != "hyper-v" or _has_hypervisor_flag() else "none"
    if _has_hypervisor_flag():
        return "vm"
    return "none" if identity.strip() else None


def _has_hypervisor_flag() -> bool:
    flags = next((line for line in text_of("/proc/cpuinfo").splitlines() if line.startswith("flags")), "")
    return " hypervisor" in flags


def _upwards(root: str, path: str) -> list[Path]:
    top = Path(root)
    directory = top / path.strip().lstrip("/")
    return [directory, *(parent for parent in directory.parents if parent.is_relative_to(top))]


def _quota_2(directory: Path) -> float | None:
    words = text_of(str(directory / "cpu.max")).split()
    expected = 2
    if len(words) != expected or words[0] == "max":
        return None
    return int(words[0]) / int(words[1])


def _quota_1(directory: Path) -> float | None:
    quota, period = (text_of(str(directory / f"cpu.cfs_{word}_us")) for word in ("quota", "period"))
    if not quota or not period or int(quota) <= 0:
        return None
    return int(quota) / int(period)
