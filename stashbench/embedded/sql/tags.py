"""Tags: their sorts, searched columns and criteria."""

from __future__ import annotations

from stashbench.embedded.sql import values
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.relatives import relative_count, relatives
from stashbench.embedded.sql.scope import Handler, Scope
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, count_of, natural
from stashbench.embedded.sql.stash_ids import stash_id_endpoint

_DURATION = (
    "(SELECT COALESCE(SUM(video_files.duration), 0) FROM scenes_tags LEFT JOIN scenes ON scenes.id = "
    "scenes_tags.scene_id LEFT JOIN scenes_files ON scenes_files.scene_id = scenes.id "
    "LEFT JOIN video_files ON video_files.file_id = scenes_files.file_id WHERE scenes_tags.tag_id = tags.id)"
)
_MARKERS = (
    "(SELECT COUNT(*) FROM scene_markers_tags WHERE tags.id = scene_markers_tags.tag_id)"
    "+(SELECT COUNT(*) FROM scene_markers WHERE tags.id = scene_markers.primary_tag_id)"
)
_COUNTED = {
    "scene": ("scenes_tags", "scene_id"),
    "image": ("images_tags", "image_id"),
    "gallery": ("galleries_tags", "gallery_id"),
    "performer": ("performers_tags", "performer_id"),
    "studio": ("studios_tags", "studio_id"),
    "group": ("groups_tags", "group_id"),
}


def _count(link: str, item_column: str) -> Handler:
    def join(scope: Scope) -> None:
        scope.select.add_join("LEFT", link, f"{link}.tag_id = tags.id")

    return values.group_number(f"count(distinct {link}.{item_column})", join)


def _join_markers(scope: Scope) -> None:
    scope.select.add_join("LEFT", "scene_markers_tags", "scene_markers_tags.tag_id = tags.id")
    on = "scene_markers_tags.scene_marker_id = scene_markers.id OR scene_markers.primary_tag_id = tags.id"
    scope.select.add_join("LEFT", "scene_markers", on)


def _join_search(select: Select) -> None:
    select.add_join("LEFT", "tag_aliases", "tag_aliases.tag_id = tags.id")


SORTS: dict[str, SortHandler] = {
    **{name: column(f"tags.{name}") for name in ("created_at", "id", "updated_at")},
    "name": natural("COALESCE(tags.sort_name, tags.name)"),
    "scenes_count": count_of("scenes_tags", "tag_id"),
    "images_count": count_of("images_tags", "tag_id"),
    "galleries_count": count_of("galleries_tags", "tag_id"),
    "performers_count": count_of("performers_tags", "tag_id"),
    "studios_count": count_of("studios_tags", "tag_id"),
    "groups_count": count_of("groups_tags", "tag_id"),
    "movies_count": count_of("groups_tags", "tag_id"),
    "scene_markers_count": column(_MARKERS),
    "scenes_duration": column(_DURATION),
}

TAGS_ENTITY = Entity(
    table="tags",
    tie_break="COALESCE(tags.sort_name, tags.name, tags.id) COLLATE NATURAL_CI ASC",
    sorts=SORTS,
    search_columns=("tags.name", "tag_aliases.alias", "tags.sort_name"),
    join_search=_join_search,
    default_sort="name",
    criteria={
        **{name: values.text(f"tags.{name}") for name in ("name", "sort_name", "description")},
        "aliases": values.listed_text("tag_aliases", "alias", "tag_id"),
        "favorite": values.flag("tags.favorite"),
        "ignore_auto_tag": values.flag("tags.ignore_auto_tag"),
        "is_missing": is_missing(("name", "sort_name", "description"), null_columns={"image": "image_blob"}),
        **{f"{name}_count": _count(link, item_column) for name, (link, item_column) in _COUNTED.items()},
        "marker_count": values.group_number("count(distinct scene_markers.id)", _join_markers),
        "parents": relatives("tags_relations", "tags_parents", "child_id", "parent_id"),
        "children": relatives("tags_relations", "tags_children", "parent_id", "child_id"),
        "parent_count": relative_count("tags_relations", "tags_parents_count", "child_id", "parent_id"),
        "child_count": relative_count("tags_relations", "tags_children_count", "parent_id", "child_id"),
        "stash_id_endpoint": stash_id_endpoint("tag_stash_ids", "tag_id"),
        "created_at": values.timestamp("tags.created_at"),
        "updated_at": values.timestamp("tags.updated_at"),
    },
)
