"""The performers page."""

from __future__ import annotations

from stashbench.harness.measure import Measure


def bench_performers_by_name(measure: Measure) -> None:
    """One page of cards, each with its counts: one statement for every count."""
    variables = {"filter": {"sort": "name", "direction": "ASC", "per_page": 40}}
    measure("performers", variables, page="Performers", title="Performers by name")


def bench_performers_by_scenes_count(measure: Measure) -> None:
    """Sorted by a count over all their scenes."""
    variables = {"filter": {"sort": "scenes_count", "direction": "DESC", "per_page": 40}}
    measure("performers", variables, page="Performers", title="Performers by number of scenes")
