"""Images: their sorts, searched columns and criteria."""

from __future__ import annotations

from stashbench.embedded.sql import files, values
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.performer_criteria import performer_age, performer_favorite, performer_tags
from stashbench.embedded.sql.relations import STUDIOS, TAGS, column_tree, linked, linked_through, linked_tree
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, count_of, joined, natural


def _sort_files(select: Select) -> None:
    select.add_sort_join("images_files", "images_files.image_id = images.id")
    select.add_sort_join("files", "images_files.file_id = files.id")


def _sort_folders(select: Select) -> None:
    _sort_files(select)
    select.add_sort_join("folders", "files.parent_folder_id = folders.id")


def _by_title(select: Select, direction: str) -> str:
    _sort_folders(select)
    name = f"COALESCE(images.title, files.basename) COLLATE NATURAL_CI {direction}"
    return f"{name}, folders.path COLLATE NATURAL_CI {direction}"


def _join_search(select: Select) -> None:
    files.join_folders_of(select)
    select.add_join("LEFT", "files_fingerprints", "files_fingerprints.file_id = images_files.file_id")


SORTS: dict[str, SortHandler] = {
    **{name: column(f"images.{name}") for name in ("created_at", "date", "id", "o_counter", "rating", "updated_at")},
    "file_count": count_of("images_files", "image_id"),
    "performer_count": count_of("performers_images", "image_id"),
    "tag_count": count_of("images_tags", "image_id"),
    "filesize": joined("files.size", _sort_files),
    "file_mod_time": joined("files.mod_time", _sort_files),
    "path": natural("COALESCE(folders.path, '') || COALESCE(files.basename, '')", _sort_folders),
    "title": _by_title,
}

IMAGES = Entity(
    table="images",
    tie_break="COALESCE(images.title, images.id) COLLATE NATURAL_CI ASC",
    sorts=SORTS,
    search_columns=("images.title", files.FULL_PATH, "files_fingerprints.fingerprint"),
    join_search=_join_search,
    criteria={
        "id": values.number("images.id"),
        **{name: values.text(f"images.{name}") for name in ("title", "code", "details", "photographer")},
        "checksum": values.text("fingerprints_md5.fingerprint", files.join_fingerprint("md5")),
        "path": files.path,
        "file_count": values.count_of("images_files", "image_id"),
        "rating100": values.number("images.rating"),
        "date": values.date("images.date"),
        "url": values.listed_text("image_urls", "url", "image_id"),
        "organized": values.flag("images.organized"),
        "o_counter": values.number("images.o_counter"),
        "resolution": files.resolution("image_files"),
        "orientation": files.orientation("image_files"),
        "is_missing": is_missing(
            ("title", "code", "details", "photographer", "rating", "date"),
            null_columns={"studio": "studio_id"},
            links={
                "performers": ("performers_images", "image_id", "performers_join"),
                "galleries": ("galleries_images", "image_id", "galleries_join"),
                "tags": ("images_tags", "image_id", "tags_join"),
            },
        ),
        "studios": column_tree(STUDIOS, "images.studio_id"),
        "tags": linked_tree(TAGS, "images_tags", "image_id", "tag_id", "image_tag"),
        "tag_count": values.count_of("images_tags", "image_id"),
        "performer_tags": performer_tags("performers_images", "image_id"),
        "performers": linked("performers_images", "image_id", "performer_id", "performers_join"),
        "performer_count": values.count_of("performers_images", "image_id"),
        "performer_favorite": performer_favorite("performers_images", "image_id"),
        "performer_age": performer_age("performers_images", "image_id"),
        "galleries": linked_through("galleries", "galleries_images", "image_id", "gallery_id", "INNER"),
        "created_at": values.timestamp("images.created_at"),
        "updated_at": values.timestamp("images.updated_at"),
    },
)
