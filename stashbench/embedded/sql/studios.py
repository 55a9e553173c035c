"""Studios: their sorts, searched columns and criteria."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql import values
from stashbench.embedded.sql.clause import marks
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.relations import TAGS, ids_of, linked_tree
from stashbench.embedded.sql.scope import Criterion, Handler, Scope
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, count_of, natural
from stashbench.embedded.sql.stash_ids import stash_id_endpoint

_DURATION = (
    "(SELECT COALESCE(SUM(video_files.duration), 0) FROM scenes "
    "LEFT JOIN scenes_files ON scenes_files.scene_id = scenes.id "
    "LEFT JOIN video_files ON video_files.file_id = scenes_files.file_id WHERE scenes.studio_id = studios.id)"
)


def _count(table: str) -> Handler:
    def join(scope: Scope) -> None:
        scope.select.add_join("LEFT", table, f"{table}.studio_id = studios.id")

    return values.group_number(f"count(distinct {table}.id)", join)


def _join_children(scope: Scope) -> None:
    scope.select.add_join("LEFT", "studios", "children_count.parent_id = studios.id", alias="children_count")


def _parents(scope: Scope, criterion: Criterion) -> None:
    """MultiCriterionInput on the studio above."""
    modifier = criterion["modifier"]
    if modifier in {"IS_NULL", "NOT_NULL"}:
        scope.require(f"studios.parent_id IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
        return
    ids = ids_of(criterion.get("value"))
    if not ids:
        return
    scope.select.add_join("LEFT", "studios", "parent_studio.id = studios.parent_id", alias="parent_studio")
    if modifier in {"INCLUDES", "INCLUDES_ALL"}:
        scope.require(f"parent_studio.id IN ({marks(len(ids))})", *ids)
    if modifier == "INCLUDES_ALL":
        scope.require_of_group(f"count(distinct parent_studio.id) IS {len(ids)}")
    if modifier == "EXCLUDES":
        own = f"SELECT s.id FROM studios AS s WHERE s.id = studios.id AND s.parent_id IN ({marks(len(ids))})"
        scope.require(f"NOT EXISTS ({own})", *ids)


def _join_search(select: Select) -> None:
    select.add_join("LEFT", "studio_aliases", "studio_aliases.studio_id = studios.id")


SORTS: dict[str, SortHandler] = {
    **{name: column(f"studios.{name}") for name in ("created_at", "id", "rating", "updated_at")},
    "name": natural("studios.name"),
    "scenes_count": count_of("scenes", "studio_id"),
    "images_count": count_of("images", "studio_id"),
    "galleries_count": count_of("galleries", "studio_id"),
    "tag_count": count_of("studios_tags", "studio_id"),
    "child_count": count_of("studios", "parent_id"),
    "scenes_duration": column(_DURATION),
}

STUDIOS_ENTITY = Entity(
    table="studios",
    tie_break="COALESCE(studios.name, studios.id) COLLATE NATURAL_CI ASC",
    sorts=SORTS,
    search_columns=("studios.name", "studio_aliases.alias"),
    join_search=_join_search,
    default_sort="name",
    criteria={
        **{name: values.text(f"studios.{name}") for name in ("name", "details")},
        "aliases": values.listed_text("studio_aliases", "alias", "studio_id"),
        "url": values.listed_text("studio_urls", "url", "studio_id"),
        "favorite": values.flag("studios.favorite"),
        "ignore_auto_tag": values.flag("studios.ignore_auto_tag"),
        "rating100": values.number("studios.rating"),
        "scene_count": _count("scenes"),
        "image_count": _count("images"),
        "gallery_count": _count("galleries"),
        "tag_count": values.count_of("studios_tags", "studio_id"),
        "child_count": values.group_number("count(distinct children_count.id)", _join_children),
        "parents": _parents,
        "tags": linked_tree(TAGS, "studios_tags", "studio_id", "tag_id", "studio_tag"),
        "stash_id_endpoint": stash_id_endpoint("studio_stash_ids", "studio_id"),
        "is_missing": is_missing(
            ("name", "details", "rating"),
            null_columns={"image": "image_blob"},
            links={
                "url": ("studio_urls", "studio_id", ""),
                "stash_id": ("studio_stash_ids", "studio_id", ""),
            },
        ),
        "created_at": values.timestamp("studios.created_at"),
        "updated_at": values.timestamp("studios.updated_at"),
    },
)
