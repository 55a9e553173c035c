"""What every page pays before it asks for anything: the way to the server and back, settings and numbers."""

from __future__ import annotations

from stashbench.harness.measure import Measure
from stashbench.stash.configuration import configuration_document


def bench_latency_floor(measure: Measure) -> None:
    """Answered from memory: no request can be faster than this."""
    measure("system_status", page="every page", title="Latency floor")


def bench_stats(measure: Measure) -> None:
    """About fifteen aggregates over the whole library."""
    measure("stats", page="Statistics", title="Library statistics")


def bench_configuration(measure: Measure) -> None:
    """The web interface loads the settings before it shows its first page."""
    document = configuration_document(measure.capabilities)
    measure.document(document, page="first load of the web interface", title="Configuration")
