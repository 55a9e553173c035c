"""The groups page, which was the movies page before v0.27."""

from __future__ import annotations

from stashbench.harness.measure import Measure


def bench_groups(measure: Measure) -> None:
    """One page of cards with their scene counts."""
    variables = {"filter": {"sort": "name", "direction": "ASC", "per_page": 40}}
    document = "groups" if measure.capabilities.has_query("findGroups") else "movies"
    measure(document, variables, page="Groups", title="Groups by name")
