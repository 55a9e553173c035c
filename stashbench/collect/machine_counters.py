"""One reading of what tells how busy the whole machine is; what a system does not tell is None, never 0."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from stashbench.collect.machine import text_of
from stashbench.collect.sampler.proc_files import parse_cpu, parse_pressure


class Counters(NamedTuple):
    """Counters that only grow. Processor seconds are those of all cores; `busy` holds the stolen ones too.

    `own_cpu_seconds` is what this very process used, `involuntary_switches` how often it was pushed off a core.
    Pressures are seconds in which some task waited; `throttled_seconds` how long a CPU limit held a group back.
    """

    at_seconds: float
    busy_seconds: float | None = None
    total_seconds: float | None = None
    steal_seconds: float | None = None
    own_cpu_seconds: float = 0.0
    cpu_pressure_seconds: float | None = None
    io_pressure_seconds: float | None = None
    memory_pressure_seconds: float | None = None
    throttled_seconds: float | None = None
    swapped_bytes: int | None = None
    involuntary_switches: int | None = None


def read_counters(throttle_files: Sequence[Path] = ()) -> Counters:
    """Read all there is; costs about 0.1 ms on Linux. Never raises."""
    used = os.times()
    found = Counters(
        at_seconds=time.monotonic(),
        own_cpu_seconds=used.user + used.system,
        involuntary_switches=_involuntary_switches(),
    )
    stat = text_of("/proc/stat")
    if not stat:
        from stashbench.collect.machine_counters_portable import with_portable

        return with_portable(found)
    tick = os.sysconf("SC_CLK_TCK")
    busy, total, steal = parse_cpu(stat.encode() + b"\n")
    pressures = {kind: _pressure_seconds(kind) for kind in ("cpu", "io", "memory")}
    return found._replace(
        busy_seconds=busy / tick,
        total_seconds=total / tick,
        steal_seconds=steal / tick,
        cpu_pressure_seconds=pressures["cpu"],
        io_pressure_seconds=pressures["io"],
        memory_pressure_seconds=pressures["memory"],
        throttled_seconds=read_throttled(throttle_files),
        swapped_bytes=parse_swapped_pages(text_of("/proc/vmstat"), os.sysconf("SC_PAGE_SIZE")),
    )


def throttle_files(
    pids: Iterable[int | str], *, proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")
) -> tuple[Path, ...]:
    """Return the files that tell how long CPU limits held these processes back: of their groups and those above."""
    found: dict[Path, None] = {}
    for pid in pids:
        for line in text_of(str(proc / str(pid) / "cgroup")).splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:
                roots = [groups, groups / "unified"]
            elif "cpu" in controllers.split(","):
                roots = [groups / "cpu"]
            else:
                continue
            for root in roots:
                own = root / path.lstrip("/")
                for folder in (own, *own.parents):
                    if folder.is_relative_to(root) and (folder / "cpu.stat").is_file():
                        found[folder / "cpu.stat"] = None
    return tuple(found)


def read_throttled(files: Sequence[Path]) -> float | None:
    """Return the greatest throttled time of any of the groups, in seconds; None where none of them tells it.

    Not their sum: a limit on a group holds back the groups below it as well.
    """
    known = [seconds for path in files if (seconds := parse_throttled(text_of(str(path)))) is not None]
    return max(known) if known else None


def parse_throttled(text: str) -> float | None:
    """Read the throttled time from a cpu.stat of either version of control groups, in seconds."""
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        scale = {"throttled_usec": 1e-6, "throttled_time": 1e-9}.get(name)
        if scale is not None and value.strip().isdigit():
            return int(value) * scale
    return None


def parse_swapped_pages(text: str, page_bytes: int) -> int | None:
    """Sum what went to and came from swap, in bytes, from /proc/vmstat; None where it does not tell."""
    pages = [
        int(value)
        for name, _, value in (line.partition(" ") for line in text.splitlines())
        if name in {"pswpin", "pswpout"} and value.strip().isdigit()
    ]
    return sum(pages) * page_bytes if pages else None


def _pressure_seconds(kind: str) -> float | None:
    total = parse_pressure(text_of(f"/proc/pressure/{kind}").encode()).get("some")
    return None if total is None else total / 1e6


def _involuntary_switches() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
