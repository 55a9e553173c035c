"""The studios page."""

from __future__ import annotations

from stashbench.harness.measure import Measure


def bench_studios(measure: Measure) -> None:
    """One page of cards with counts; the count of performers joins three tables for every card."""
    variables = {"filter": {"sort": "name", "direction": "ASC", "per_page": 40}}
    measure("studios", variables, page="Studios", title="Studios with counts")
