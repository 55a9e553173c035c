"""The markers page."""

from __future__ import annotations

from stashbench.harness.measure import Measure


def bench_markers(measure: Measure) -> None:
    """One page of markers by title."""
    variables = {"filter": {"sort": "title", "direction": "ASC", "per_page": 40}}
    measure("markers", variables, page="Markers", title="Markers by title")
