"""The galleries page."""

from __future__ import annotations

from stashbench.harness.measure import Measure


def bench_galleries(measure: Measure) -> None:
    """One page of cards with their image counts."""
    variables = {"filter": {"sort": "path", "direction": "ASC", "per_page": 40}}
    measure("galleries", variables, page="Galleries", title="Galleries by path")
