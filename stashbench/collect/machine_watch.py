"""Watches the machine while times are taken: what others did on it, and what held us back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import msgspec

from stashbench.collect.machine import load_1m
from stashbench.collect.machine_counters import Counters, read_counters, throttle_files
from stashbench.model.quality import MachineQuality

_NO_SERVER_TIME = "the servers' own processor time is not known here, so that of others cannot be told from it"
_REASONS = (
    ("steal_percent", "stolen time: this system does not tell it"),
    ("cpu_pressure_percent", "waiting for processor, disk and memory: this kernel does not tell it (PSI)"),
    ("throttled_seconds", "throttling: no control group here tells it"),
    ("swapped_bytes", "swap traffic: this system does not tell it"),
    ("involuntary_switches_per_second", "involuntary context switches: this system does not tell them"),
    ("load_1m_after", "load: this system does not tell it"),
)


class MachineWatch:
    """Adds up what it sees in the parts of a run in which times are taken; what lies between them does not count.

    `used_seconds` returns the processor time of the servers (and of other helpers of ours) so far, None where that is
    not known; `pids` are processes whose CPU limits matter besides our own.
    """

    def __init__(self, used_seconds: Callable[[], float | None], *, pids: tuple[int, ...] = ()) -> None:
        self._used_seconds = used_seconds
        self._files = throttle_files(("self", *pids))
        self._load_before = load_1m()
        self._sum: Counters | None = None
        self._used: float | None = 0.0
        self._depth = 0

    @contextlib.contextmanager
    def part(self) -> Iterator[None]:
        """Watch for as long as this lasts; parts inside of parts count once."""
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        before, used = read_counters(self._files), self._used_seconds()
        self._depth = 1
        try:
            yield
        finally:
            self._depth = 0
            self._add(before, read_counters(self._files), used, self._used_seconds())

    def quality(self, *, reconnect_count: int = 0, waited_seconds: float = 0.0) -> MachineQuality | None:
        """Return what was seen so far; None if nothing was watched yet."""
        seen = self._sum
        if seen is None or seen.at_seconds <= 0:
            return None
        load_after = load_1m()
        found = MachineQuality(
            load_1m_before=self._load_before,
            load_1m_after=load_after,
            steal_percent=_percent(seen.steal_seconds, seen.total_seconds),
            foreign_cores=self._foreign_cores(seen),
            reconnect_count=reconnect_count,
            cpu_pressure_percent=_percent(seen.cpu_pressure_seconds, seen.at_seconds),
            io_pressure_percent=_percent(seen.io_pressure_seconds, seen.at_seconds),
            memory_pressure_percent=_percent(seen.memory_pressure_seconds, seen.at_seconds),
            throttled_seconds=seen.throttled_seconds,
            swapped_bytes=seen.swapped_bytes,
            involuntary_switches_per_second=None
            if seen.involuntary_switches is None
            else seen.involuntary_switches / seen.at_seconds,
            waited_seconds=waited_seconds,
            watched_seconds=seen.at_seconds,
        )
        reasons = [reason for name, reason in _REASONS if getattr(found, name) is None]
        if found.foreign_cores is None:
            why = _NO_SERVER_TIME if seen.busy_seconds is not None else "this system does not tell"
            reasons.append(f"cores kept busy by others: {why}")
        return msgspec.structs.replace(found, not_measured=tuple(reasons))

    def _foreign_cores(self, seen: Counters) -> float | None:
        if seen.busy_seconds is None or self._used is None:
            return None
        foreign = seen.busy_seconds - (seen.steal_seconds or 0.0) - seen.own_cpu_seconds - self._used
        return max(foreign, 0.0) / seen.at_seconds

    def _add(self, before: Counters, after: Counters, used: float | None, used_after: float | None) -> None:
        grown = growth(before, after)
        self._sum = grown if self._sum is None else _plus(self._sum, grown)
        if self._used is not None:
            self._used = None if used is None or used_after is None else self._used + max(used_after - used, 0.0)


def growth(before: Counters, after: Counters) -> Counters:
    """Return how much each counter grew; None where one of the readings lacks it."""
    pairs = zip(before, after, strict=True)
    return Counters._make(None if a is None or b is None else max(b - a, 0) for a, b in pairs)


def _plus(first: Counters, second: Counters) -> Counters:
    pairs = zip(first, second, strict=True)
    return Counters._make(None if a is None or b is None else a + b for a, b in pairs)


def _percent(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else min(100.0 * part / whole, 100.0)
