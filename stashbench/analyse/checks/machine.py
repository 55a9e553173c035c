"""Whether the machine was quiet enough, and roomy enough, for the numbers to mean anything."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.analyse.checks.observation import Observation, because, in_bytes, not_measured


def cpu_steal(steal_percent: float | None) -> Observation:
    """Return the share of CPU time in per cent that the host of this virtual machine took away."""
    if steal_percent is None:
        return not_measured("This machine does not tell how much CPU time its host takes away.")
    return Observation(
        value=steal_percent,
        message=f"CPU steal was {steal_percent:.1f} % while the audit watched.",
        evidence={"steal_percent": steal_percent},
    )


def foreign_load(
    host_cpu_percent: float | None,
    server_cpu_seconds: float | None,
    seconds: float,
    cores: int,
    reasons: Sequence[str] = (),
) -> Observation:
    """Return the share of the machine in per cent that others than the idle server used; `seconds` is the time watched.

    Without the server's own CPU time the whole machine's is returned, which is the most that others can have used.
    """
    if host_cpu_percent is None or seconds <= 0.0 or cores <= 0:
        return not_measured(because("The load of the server's machine could not be seen", reasons))
    own = None if server_cpu_seconds is None else 100.0 * server_cpu_seconds / seconds / cores
    others = max(host_cpu_percent - (own or 0.0), 0.0)
    evidence = {"host_cpu_percent": host_cpu_percent, "server_cpu_percent": own, "cores": cores}
    message = f"Other programs used {others:.0f} % of the machine while the server was idle."
    if own is None:
        message = (
            f"Other programs used at most {others:.0f} % of the machine while the server was idle; the server's own "
            "share of that could not be seen."
        )
    return Observation(value=others, message=message, evidence=evidence)


def available_memory(available_bytes: int | None, total_bytes: int | None) -> Observation:
    """Return the memory in per cent that programs can still get."""
    if available_bytes is None or not total_bytes:
        return not_measured("The memory of the server's machine cannot be seen from here.")
    share = 100.0 * available_bytes / total_bytes
    return Observation(
        value=share,
        message=f"{in_bytes(available_bytes)} of {in_bytes(total_bytes)} memory ({share:.0f} %) can still be had.",
        evidence={"available_bytes": available_bytes, "total_bytes": total_bytes},
    )


def client_overhead(client_floor_seconds: float | None, server_floor_seconds: float | None) -> Observation:
    """Return the share in per cent of the fastest request that is this client's own doing."""
    if client_floor_seconds is None or not server_floor_seconds:
        return not_measured("The client's own share of a request was not measured.")
    share = min(100.0 * client_floor_seconds / server_floor_seconds, 100.0)
    return Observation(
        value=share,
        message=(
            f"Of the fastest request ({1000 * server_floor_seconds:.2f} ms) the client itself takes "
            f"{1000 * client_floor_seconds:.2f} ms ({share:.0f} %)."
        ),
        evidence={"client_ms": 1000 * client_floor_seconds, "floor_ms": 1000 * server_floor_seconds},
    )
