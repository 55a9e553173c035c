"""The groups page, which was the movies page before v0.27."""

from __future__ import annotations

from stashbench.harness.measure import Measure
from stashbench.stash.siblings import groups_document


def bench_groups(measure: Measure) -> None:
    """One page of cards with their scene counts."""
    variables = {"filter": {"sort": "name", "direction": "ASC", "per_page": 40}}
    measure(groups_document(measure.capabilities), variables, page="Groups", title="Groups by name")
