"""Scene markers: their sorts, searched columns and criteria."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql import values
from stashbench.embedded.sql.clause import Clause, marks
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.relations import TAGS, ids_of, linked, linked_tree, subtree_values
from stashbench.embedded.sql.scope import Criterion, Handler, Scope
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, joined
from stashbench.errors import RequestError

_LENGTH = "scene_markers.end_seconds - scene_markers.seconds"


def _join_scenes(scope: Scope) -> None:
    scope.select.add_join("INNER", "scenes", "scenes.id = scene_markers.scene_id")


def _tags(scope: Scope, criterion: Criterion) -> None:
    """HierarchicalMultiCriterionInput on the primary tag and the others together."""
    select, modifier = scope.select, criterion["modifier"]
    if modifier in {"IS_NULL", "NOT_NULL"}:
        select.add_join("LEFT", "scene_markers_tags", "scene_markers.id = scene_markers_tags.scene_marker_id")
        scope.require(f"scene_markers_tags.tag_id IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
        return
    if modifier == "EQUALS" and criterion.get("depth"):
        message = "depth is not supported for equals modifier for marker tag filtering"
        raise RequestError(message)
    values, excludes = ids_of(criterion.get("value")), ids_of(criterion.get("excludes"))
    if values and modifier in {"INCLUDES", "INCLUDES_ALL", "EQUALS"}:
        pairs = subtree_values(scope.fetch, TAGS, values, criterion.get("depth"))
        select.tables_before["marker_tags"] = Clause(
            "marker_tags AS (SELECT mt.scene_marker_id, t.column1 AS root_tag_id FROM scene_markers_tags mt "
            f"INNER JOIN ({pairs}) t ON t.column2 = mt.tag_id UNION SELECT m.id, t.column1 FROM scene_markers m "
            f"INNER JOIN ({pairs}) t ON t.column2 = m.primary_tag_id)"
        )
        select.add_join("LEFT", "marker_tags", "marker_tags.scene_marker_id = scene_markers.id")
        scope.require("marker_tags.root_tag_id IS NOT NULL")
        if modifier != "INCLUDES":
            scope.require_of_group(f"count(distinct marker_tags.root_tag_id) IS {len(values)}")
        if modifier == "EQUALS":  # the primary tag is not in the table of the others
            others = "(SELECT COUNT(*) FROM scene_markers_tags s WHERE s.scene_marker_id = scene_markers.id)"
            scope.require(f"{others} = ?", len(values) - 1)
    if excludes:  # without any, v0.30.1 does not look at the modifier EXCLUDES
        unwanted = [*excludes, *values] if modifier == "EXCLUDES" else excludes
        pairs = subtree_values(scope.fetch, TAGS, unwanted, criterion.get("depth"))
        tagged = f"scene_markers_tags.tag_id IN (SELECT column2 FROM ({pairs}))"
        markers = f"SELECT scene_markers_tags.scene_marker_id FROM scene_markers_tags WHERE {tagged}"
        scope.require(f"scene_markers.id NOT IN ({markers})")
        scope.require(f"scene_markers.primary_tag_id NOT IN (SELECT column2 FROM ({pairs}))")


def _of_scene(handler: Handler) -> Handler:
    def handle(scope: Scope, criterion: Criterion) -> None:
        _join_scenes(scope)
        handler(scope, criterion)

    return handle


def _scenes(scope: Scope, criterion: Criterion) -> None:
    """MultiCriterionInput on the marker's scene."""
    modifier, ids = criterion["modifier"], ids_of(criterion.get("value"))
    if modifier in {"IS_NULL", "NOT_NULL"}:
        scope.require(f"scene_markers.scene_id IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
        return
    if not ids:
        return
    scope.select.add_join("LEFT", "scenes", "markers_scenes.id = scene_markers.scene_id", alias="markers_scenes")
    if modifier in {"INCLUDES", "INCLUDES_ALL"}:
        scope.require(f"markers_scenes.id IN ({marks(len(ids))})", *ids)
    if modifier == "INCLUDES_ALL":
        scope.require_of_group(f"count(distinct markers_scenes.id) IS {len(ids)}")
    if modifier == "EXCLUDES":
        own = "SELECT s.id FROM scene_markers AS s WHERE s.id = scene_markers.id"
        scope.require(f"NOT EXISTS ({own} AND s.scene_id IN ({marks(len(ids))}))", *ids)


def _join_search(select: Select) -> None:
    select.add_join("LEFT", "scenes", "scenes.id = scene_markers.scene_id")
    select.add_join("LEFT", "tags", "scene_markers.primary_tag_id = tags.id")


def _by_title(select: Select, direction: str) -> str:
    # Stash keeps this one join in the count, too, because a markers page without a sort has it
    select.add_join("LEFT", "tags", "scene_markers.primary_tag_id = tags.id")
    return f"COALESCE(NULLIF(scene_markers.title, ''), tags.name) COLLATE NATURAL_CI {direction}"


def _sort_scenes(select: Select) -> None:
    select.add_sort_join("scenes", "scenes.id = scene_markers.scene_id")


SORTS: dict[str, SortHandler] = {
    **{name: column(f"scene_markers.{name}") for name in ("created_at", "id", "scene_id", "seconds", "updated_at")},
    "title": _by_title,
    "duration": column(f"({_LENGTH})"),
    "scenes_updated_at": joined("scenes.updated_at", _sort_scenes),
}

MARKERS = Entity(
    table="scene_markers",
    tie_break="scene_markers.scene_id ASC, scene_markers.seconds ASC",
    sorts=SORTS,
    search_columns=("scene_markers.title", "scenes.title", "tags.name"),
    join_search=_join_search,
    default_sort="title",
    criteria={
        "tags": _tags,
        "scene_tags": linked_tree(
            TAGS, "scenes_tags", "scene_id", "tag_id", "marker_scenes_tags", owner="scene_markers.scene_id"
        ),
        "performers": _of_scene(
            linked("performers_scenes", "scene_id", "performer_id", "performers_join", owner="scene_markers.scene_id")
        ),
        "scenes": _scenes,
        "duration": values.number(f"COALESCE({_LENGTH}, NULL)"),
        "created_at": values.timestamp("scene_markers.created_at"),
        "updated_at": values.timestamp("scene_markers.updated_at"),
        "scene_date": values.date("scenes.date", _join_scenes),
        "scene_created_at": values.timestamp("scenes.created_at", _join_scenes),
        "scene_updated_at": values.timestamp("scenes.updated_at", _join_scenes),
    },
)
