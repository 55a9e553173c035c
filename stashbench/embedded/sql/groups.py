"""Groups (called movies before v0.27): their sorts, searched columns and criteria."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql import values
from stashbench.embedded.sql.clause import Clause, marks
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.relations import (
    GROUPS,
    STUDIOS,
    TAGS,
    column_tree,
    included_and_excluded,
    linked_tree,
    subtree_values,
)
from stashbench.embedded.sql.scope import Criterion, Handler, Scope
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
    included, excluded = included_and_excluded(criterion)
    for name, ids, negation in (("groups_performers", included, "NOT "), ("groups_performers2", excluded, "")):
        if ids:
            select.tables_before[name] = Clause(
                f"{name} AS (SELECT groups_scenes.group_id, performers_scenes.performer_id FROM groups_scenes "
                "INNER JOIN performers_scenes ON groups_scenes.scene_id = performers_scenes.scene_id "
                f"WHERE performers_scenes.performer_id IN ({marks(len(ids))}))",
                tuple(ids),
            )
            select.add_join("LEFT", name, f"groups.id = {name}.group_id")
            scope.require(f"{name}.performer_id IS {negation}NULL")
    if included and modifier == "INCLUDES_ALL":
        scope.require_of_group("COUNT(DISTINCT groups_performers.performer_id) = ?", len(included))


def _relatives(alias: str, own_column: str, other_column: str) -> Handler:
    """Handler of a HierarchicalMultiCriterionInput on groups directly above or below, or further with a depth."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        select, modifier = scope.select, criterion["modifier"]
        if modifier in {"IS_NULL", "NOT_NULL"}:
            select.add_join("LEFT", "groups_relations", f"groups.id = {alias}.{own_column}", alias=alias)
            scope.require(f"{alias}.{own_column} IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
            return
        included, excluded = included_and_excluded(criterion)
        depth = criterion.get("depth") or 0
        if included and not depth:
            select.add_join("INNER", "groups_relations", f"{alias}.{own_column} = groups.id", alias=alias)
            condition = "= ?" if len(included) == 1 else f"IN ({marks(len(included))})"
            scope.require(f"{alias}.{other_column} {condition}", *included)
        elif included:
            scope.require(f"groups.id IN (SELECT column2 FROM ({_reached(scope, included, depth)}))")
        if excluded:
            owners = f"SELECT {own_column} FROM groups_relations WHERE {other_column} IN ({marks(len(excluded))})"
            scope.require(f"groups.id NOT IN ({owners})", *excluded)
        if included and modifier == "INCLUDES_ALL" and not depth:
            scope.require_of_group(f"count(distinct {alias}.{other_column}) IS {len(included)}")

    return handle


def _reached(scope: Scope, ids: list[int], depth: int) -> str:
    return subtree_values(scope.fetch, GROUPS, ids, depth)


def _relative_count(alias: str, own_column: str, other_column: str) -> Handler:
    def join(scope: Scope) -> None:
        scope.select.add_join("LEFT", "groups_relations", f"{alias}.{own_column} = groups.id", alias=alias)

    return values.group_number(f"count(distinct {alias}.{other_column})", join)


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
            null_columns={"front_image": "front_image_blob", "back_image": "back_image_blob", "studio": "studio_id"},
            links={"scenes": ("groups_scenes", "group_id", ""), "url": ("group_urls", "group_id", "")},
        ),
        "studios": column_tree(STUDIOS, "groups.studio_id"),
        "performers": _performers,
        "tags": linked_tree(TAGS, "groups_tags", "group_id", "tag_id", "group_tag"),
        "tag_count": values.count_of("groups_tags", "group_id"),
        "containing_groups": _relatives("groups_parents", "sub_id", "containing_id"),
        "sub_groups": _relatives("groups_children", "containing_id", "sub_id"),
        "containing_group_count": _relative_count("groups_parents_count", "sub_id", "containing_id"),
        "sub_group_count": _relative_count("groups_children_count", "containing_id", "sub_id"),
        "created_at": values.timestamp("groups.created_at"),
        "updated_at": values.timestamp("groups.updated_at"),
    },
)
