"""What else the machine did while times were taken, and whether that leaves the times fit to be judged."""

from __future__ import annotations

from stashbench.model.base import Model


class MachineQuality(Model):
    """Disturbances during the timed part of a run; None where this machine does not tell (`not_measured` says why).

    `foreign_cores` is how many cores other programs kept busy on average. Pressure is the share of time in which some
    task waited for that resource (Linux PSI), in percent. `throttled_seconds` is how long a CPU limit held us back,
    `swapped_bytes` what went to or came from swap, `involuntary_switches_per_second` how often our process was pushed
    off a core. `watched_seconds` is how long times were taken, which all of this is about. `waited_seconds` is how long
    the run waited for a quieter machine before it began. `unfit_reasons` are the limits that were passed, in words:
    beyond them no verdict on times stands.
    """

    load_1m_before: float | None = None
    load_1m_after: float | None = None
    steal_percent: float | None = None
    foreign_cores: float | None = None
    reconnect_count: int = 0
    cpu_pressure_percent: float | None = None
    io_pressure_percent: float | None = None
    memory_pressure_percent: float | None = None
    throttled_seconds: float | None = None
    swapped_bytes: int | None = None
    involuntary_switches_per_second: float | None = None
    watched_seconds: float | None = None
    waited_seconds: float = 0.0
    not_measured: tuple[str, ...] = ()
    unfit_reasons: tuple[str, ...] = ()


class MachineMoment(Model):
    """How busy the machine was for a short while, our own process left out; None where that is not told."""

    busy_cores: float | None = None
    steal_percent: float | None = None
    io_pressure_percent: float | None = None
    memory_pressure_percent: float | None = None
