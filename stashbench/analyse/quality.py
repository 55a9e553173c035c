"""Whether the machine was fit to take times on: limits, each with the reason and the measurement behind it.

docs/machine-quality.md shows how the figures were found. A limit that is passed says so in words; a value that was not
measured passes none, because what is not known is no reason to throw times away: the report lists it instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from stashbench.model.quality import MachineMoment, MachineQuality

_MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Beyond these no verdict on times stands; None where a disturbance alone never matters.

    `busy_share` is the share of all cores that other programs may keep busy, `throttled_share` the share of time for
    which a CPU limit may hold us back, `swap_bytes_per_second` the traffic to and from swap.
    """

    steal_percent: float
    busy_share: float | None
    cpu_pressure_percent: float | None
    io_pressure_percent: float | None
    memory_pressure_percent: float
    throttled_share: float | None
    swap_bytes_per_second: float


PAIRED = Limits(
    steal_percent=50.0,
    busy_share=None,
    cpu_pressure_percent=None,
    io_pressure_percent=None,
    memory_pressure_percent=20.0,
    throttled_share=None,
    swap_bytes_per_second=4.0 * _MEBIBYTE,
)
"""Both sides are asked in turns, so that what comes and goes hits both: neither other programs nor a CPU limit made a
false alarm. Swapping does not hit both alike: which pages of memory are gone is chance."""

STORED = Limits(
    steal_percent=10.0,
    busy_share=0.65,
    cpu_pressure_percent=90.0,
    io_pressure_percent=20.0,
    memory_pressure_percent=5.0,
    throttled_share=0.02,
    swap_bytes_per_second=1.0 * _MEBIBYTE,
)
"""The stored sessions saw another hour of this machine, so what disturbs this one looks like a change."""


def unfit_reasons(quality: MachineQuality, limits: Limits, cpu_count: int) -> tuple[str, ...]:
    """Return the limits that were passed while times were taken, in words; empty where the machine was fit."""
    reasons = []
    if _is_beyond(quality.steal_percent, limits.steal_percent):
        reasons.append(
            f"the host of this virtual machine took {quality.steal_percent:.0f} % of its processor time "
            f"(limit {limits.steal_percent:.0f} %)"
        )
    busy_limit = None if limits.busy_share is None else limits.busy_share * cpu_count
    if _is_beyond(quality.foreign_cores, busy_limit):
        reasons.append(
            f"other programs kept {quality.foreign_cores:.1f} of {cpu_count} cores busy (limit {busy_limit:.1f})"
        )
    for name, value, limit in (
        ("processor", quality.cpu_pressure_percent, limits.cpu_pressure_percent),
        ("disk", quality.io_pressure_percent, limits.io_pressure_percent),
        ("memory", quality.memory_pressure_percent, limits.memory_pressure_percent),
    ):
        if _is_beyond(value, limit):
            reasons.append(f"some program waited for the {name} in {value:.0f} % of the time (limit {limit:.0f} %)")
    reasons += _reasons_by_time(quality, limits)
    return tuple(reasons)


def _reasons_by_time(quality: MachineQuality, limits: Limits) -> list[str]:
    """Judge what only means something beside how long it was watched."""
    seconds = quality.watched_seconds
    if not seconds:
        return []
    reasons = []
    share = limits.throttled_share
    if share is not None and _is_beyond(quality.throttled_seconds, share * seconds):
        reasons.append(
            f"a CPU limit held programs back for {quality.throttled_seconds:.1f} of {seconds:.0f} s (limit {share:.0%})"
        )
    if _is_beyond(quality.swapped_bytes, limits.swap_bytes_per_second * seconds):
        rate = (quality.swapped_bytes or 0) / seconds / _MEBIBYTE
        allowed = limits.swap_bytes_per_second / _MEBIBYTE
        reasons.append(f"{rate:.1f} MiB/s went to and from swap (limit {allowed:.0f})")
    return reasons


def _is_beyond(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value > limit


QUIET_CORES = 0.25
QUIET_STEAL_PERCENT = 3.0
QUIET_IO_PERCENT = 10.0
QUIET_MEMORY_PERCENT = 1.0


def what_disturbs(moment: MachineMoment) -> str:
    """Say in words why a moment was not quiet; empty if it was."""
    if _is_beyond(moment.busy_cores, QUIET_CORES):
        return f"programs keep {moment.busy_cores:.1f} cores busy"
    if _is_beyond(moment.steal_percent, QUIET_STEAL_PERCENT):
        return f"the host takes {moment.steal_percent:.0f} % of the processor time"
    if _is_beyond(moment.memory_pressure_percent, QUIET_MEMORY_PERCENT):
        return f"programs wait for memory in {moment.memory_pressure_percent:.0f} % of the time"
    if _is_beyond(moment.io_pressure_percent, QUIET_IO_PERCENT):
        return f"programs wait for the disk in {moment.io_pressure_percent:.0f} % of the time"
    return ""


def still_busy(waited_seconds: float, disturbance: str) -> str:
    """Say that waiting for a quiet machine did not help; empty if it did, or nobody waited."""
    if not disturbance:
        return ""
    return (
        f"the machine did not become quiet in the {waited_seconds:.0f} s that were given to it ({disturbance}); times "
        "were taken all the same"
    )


def unfit_in_words(reasons: tuple[str, ...]) -> str:
    """Say as one sentence that no verdict on times stands; empty where the machine was fit."""
    return f"Times could not be judged: {'; '.join(reasons)}." if reasons else ""
