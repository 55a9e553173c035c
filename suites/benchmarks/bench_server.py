"""What every page pays before it asks for anything: the way to the server and back, settings and numbers."""

from __future__ import annotations

from stashbench.harness.measure import Measure


def bench_latency_floor(measure: Measure) -> None:
    """Answered from memory: no request can be faster than this."""
    measure("system_status", page="every page", title="Latency floor")


def bench_stats(measure: Measure) -> None:
    """About fifteen aggregates over the whole library."""
    measure("stats", page="Statistics", title="Library statistics")


def bench_configuration(measure: Measure) -> None:
    """The web interface loads the settings before it shows its first page."""
    measure("configuration", page="first load of the web interface", title="Configuration")
