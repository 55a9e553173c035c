"""The tags page, and the selector that is on many pages."""

from __future__ import annotations

from stashbench.harness.measure import Measure

BY_NAME = {"filter": {"sort": "name", "direction": "ASC", "per_page": 40}}


def bench_tags(measure: Measure) -> None:
    """One page of cards with counts: one statement for every count of every card."""
    measure("tags", BY_NAME, page="Tags", title="Tags with counts")


def bench_tags_with_depth(measure: Measure) -> None:
    """The same with the counts of all tags below."""
    measure("tags_with_depth", BY_NAME, page="Tags", title="Tags with counts of sub-tags")


def bench_tag_names(measure: Measure) -> None:
    """Every tag by name, as a selector loads them."""
    variables = {"filter": {"sort": "name", "direction": "ASC", "per_page": -1}}
    measure("tag_names", variables, page="the tag selector", title="All tag names")
