"""Filters that the owner saved, in the form in which Stash keeps them."""

from __future__ import annotations

import json
from typing import Any

from stashbench.embedded.library.passes import Pass, Rows
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.titles import tag_name


def _including(tag_id: int, *, depth: int) -> dict[str, Any]:
    items = [{"id": str(tag_id), "label": tag_name(tag_id - 1)}]
    return {"modifier": "INCLUDES", "value": {"items": items, "excluded": [], "depth": depth}}


def filters(plan: Plan) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Give (name, mode, sort, criteria); a library without scenes has none."""
    if not plan.shape.scenes:
        return []
    popular = plan.tag_popularity.slots[0]
    return [
        ("Newest first", "SCENES", "created_at", {}),
        ("Best rated", "SCENES", "rating", {"rating100": {"modifier": "GREATER_THAN", "value": {"value": 79}}}),
        ("A tag and all below it", "SCENES", "date", {"tags": _including(popular, depth=-1)}),
        ("Not yet watched", "SCENES", "random", {"play_count": {"modifier": "EQUALS", "value": {"value": 0}}}),
        ("Favourites", "PERFORMERS", "name", {"filter_favorites": "true"}),
        ("Large galleries", "GALLERIES", "images_count", {}),
        ("Untagged", "IMAGES", "created_at", {"is_missing": "tags"}),
        ("By size", "TAGS", "scenes_count", {}),
    ]


def saved_filters(plan: Plan) -> Rows:
    """Give a handful of saved filters."""
    for filter_id, (name, mode, sort, criteria) in enumerate(filters(plan), start=1):
        find = {"page": 1, "per_page": 40, "sort": sort, "direction": "DESC"}
        display = {"display_mode": 0, "zoom_index": 1}
        yield filter_id, name, mode, json.dumps(find), json.dumps(criteria), json.dumps(display)


PASSES = (Pass("saved_filters", "id, name, mode, find_filter, object_filter, ui_options", saved_filters, 0.0),)
