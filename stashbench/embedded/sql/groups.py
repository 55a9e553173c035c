"""Groups (called movies before v0.27): their sorts, searched columns and criteria."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql import values
from stashbench.embedded.sql.clause import Clause, marks
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.relations import STUDIOS, TAGS, column_tree, ids_of, linked_tree
from stashbench.embedded.sql.relatives import relative_count, relatives
from stashbench.embedded.sql.scope import Criterion, Scope
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, count_of, joined, natural

_O_COUNTER = (
    "(SELECT SUM(o_counter) FROM (SELECT COUNT(scenes_o_dates.o_date) AS o_counter FROM groups_scenes s "
    "LEFT JOIN scenes ON scenes.id = s.scene_id LEFT JOIN scenes_o_dates ON scenes_o_dates.scene_id = scenes.id "
    "WHERE s.group_id = groups.id))"
)


def _performers(scope: Scope, criterion: Criterion) -> None:
    """MultiCriterionInput on the performers of the group's scenes."""
    select, modifier = scope.select, criterion["modifier"]
    if modifier in {"IS_NULL", "NOT_NULL"}:
        select.add_join("LEFT", "groups_scenes", "groups.id = groups_scenes.group_id")
        select.add_join("LEFT", "performers_scenes", "groups_scenes.scene_id = performers_scenes.scene_id")
        scope.require(f"performers_scenes.performer_id IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
        return
    ids = ids_of(criterion.get("value"))
    if not ids:
        return
    select.tables_before["groups_performers"] = Clause(
        "groups_performers AS (SELECT groups_scenes.group_id, performers_scenes.performer_id FROM groups_scenes "
        "INNER JOIN performers_scenes ON groups_scenes.scene_id = performers_scenes.scene_id "
        f"WHERE performers_scenes.performer_id IN ({marks(len(ids))}))",
        tuple(ids),
    )
    select.add_join("LEFT", "groups_performers", "groups.id = groups_performers.group_id")
    if modifier == "EXCLUDES":
        scope.require("groups_performers.performer_id IS NULL")
    elif modifier in {"INCLUDES", "INCLUDES_ALL"}:
        scope.require("groups_performers.performer_id IS NOT NULL")
    if modifier == "INCLUDES_ALL":
        scope.require_of_group("COUNT(DISTINCT groups_performers.performer_id) = ?", len(ids))


def _sort_relations(select: Select) -> None:
    select.add_sort_join("groups_relations", "groups.id = groups_relations.sub_id")


SORTS: dict[str, SortHandler] = {
    **{name: column(f"groups.{name}") for name in ("created_at", "date", "duration", "id", "rating", "updated_at")},
    "name": natural("groups.name"),
    "scenes_count": count_of("groups_scenes", "group_id"),
    "tag_count": count_of("groups_tags", "group_id"),
    "o_counter": column(_O_COUNTER),
    "sub_group_order": joined("groups_relations.order_index", _sort_relations),
}

GROUPS_ENTITY = Entity(
    table="groups",
    tie_break="COALESCE(groups.name, groups.id) COLLATE NATURAL_CI ASC",
    sorts=SORTS,
    search_columns=("groups.name", "groups.aliases"),
    default_sort="name",
    criteria={
        **{name: values.text(f"groups.{name}") for name in ("name", "director")},
        "synopsis": values.text("groups.description"),
        "duration": values.number("cast(groups.duration as int)"),
        "rating100": values.number("groups.rating"),
        "o_counter": values.number(_O_COUNTER),
        "date": values.date("groups.date"),
        "url": values.listed_text("group_urls", "url", "group_id"),
        "is_missing": is_missing(
            ("name", "aliases", "director", "description", "rating", "date"),
            null_columns={"front_image": "front_image_blob", "back_image": "back_image_blob"},
            links={"scenes": ("groups_scenes", "group_id", "")},
        ),
        "studios": column_tree(STUDIOS, "groups.studio_id"),
        "performers": _performers,
        "tags": linked_tree(TAGS, "groups_tags", "group_id", "tag_id", "group_tag"),
        "tag_count": values.count_of("groups_tags", "group_id"),
        "containing_groups": relatives("groups_relations", "groups_parents", "sub_id", "containing_id"),
        "sub_groups": relatives("groups_relations", "groups_children", "containing_id", "sub_id"),
        "containing_group_count": relative_count("groups_relations", "groups_parents_count", "sub_id", "containing_id"),
        "sub_group_count": relative_count("groups_relations", "groups_children_count", "containing_id", "sub_id"),
        "created_at": values.timestamp("groups.created_at"),
        "updated_at": values.timestamp("groups.updated_at"),
    },
)
