"""Galleries (of a folder, a zip file or put together by hand): their sorts, searched columns and criteria."""

from __future__ import annotations

from stashbench.embedded.sql import files, values
from stashbench.embedded.sql.clause import Clause
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.performer_criteria import performer_age, performer_favorite, performer_tags
from stashbench.embedded.sql.relations import STUDIOS, TAGS, column_tree, linked, linked_through, linked_tree
from stashbench.embedded.sql.scope import Criterion, Scope
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, count_of, joined, natural


def _join_gallery_folder(select: Select) -> None:
    select.add_join("LEFT", "folders", "galleries.folder_id = gallery_folder.id", alias="gallery_folder")


def _path(scope: Scope, criterion: Criterion) -> None:
    """A gallery has either files or a folder of its own, so either path may match (neither, when excluded)."""
    files.join_folders(scope)
    _join_gallery_folder(scope.select)
    by_file = files.path_condition(criterion)
    by_folder = values.text_condition("gallery_folder.path", criterion)
    is_negative = criterion["modifier"] in {"EXCLUDES", "NOT_EQUALS", "NOT_MATCHES_REGEX", "IS_NULL"}
    operator = "AND" if is_negative else "OR"
    if is_negative:
        by_file = Clause(f"files.id IS NULL OR ({by_file.sql})", by_file.args)
        by_folder = Clause(f"gallery_folder.id IS NULL OR ({by_folder.sql})", by_folder.args)
    scope.where.append(Clause(f"({by_file.sql}) {operator} ({by_folder.sql})", by_file.args + by_folder.args))


def _is_zip(scope: Scope, criterion: Criterion) -> None:
    files.join_links(scope)
    scope.require(f"galleries_files.file_id IS {'NOT ' if criterion else ''}NULL")


def _has_chapters(scope: Scope, criterion: Criterion) -> None:
    scope.select.add_join("LEFT", "galleries_chapters", "galleries_chapters.gallery_id = galleries.id")
    if criterion == "true":
        scope.require_of_group("count(galleries_chapters.gallery_id) > 0")
    else:
        scope.require("galleries_chapters.id IS NULL")


def _average_resolution(scope: Scope, criterion: Criterion) -> None:
    select = scope.select
    select.add_join("LEFT", "galleries_images", "images_join.gallery_id = galleries.id", alias="images_join")
    select.add_join("LEFT", "images", "images_join.image_id = images.id")
    select.add_join("LEFT", "images_files", "images.id = images_files.image_id")
    select.add_join("LEFT", "image_files", "images_files.file_id = image_files.file_id")
    condition = files.resolution_condition("avg(MIN(image_files.width, image_files.height))", criterion)
    if condition is not None:
        scope.having.append(condition)


def _missing_date(scope: Scope, _criterion: Criterion) -> None:
    scope.require("galleries.date IS NULL OR galleries.date = ''")


def _join_search(select: Select) -> None:
    files.join_folders_of(select)
    select.add_join("LEFT", "files_fingerprints", "files_fingerprints.file_id = galleries_files.file_id")
    _join_gallery_folder(select)
    select.add_join("LEFT", "galleries_chapters", "galleries_chapters.gallery_id = galleries.id")


def _sort_files(select: Select) -> None:
    select.add_sort_join("galleries_files", "galleries_files.gallery_id = galleries.id")
    select.add_sort_join("files", "galleries_files.file_id = files.id")


def _sort_folders(select: Select) -> None:
    _sort_files(select)
    select.add_sort_join("folders", "sort_folder.id = galleries.folder_id", alias="sort_folder")
    select.add_sort_join("folders", "files.parent_folder_id = file_folder.id", alias="file_folder")


def _by_title(select: Select, direction: str) -> str:
    _sort_folders(select)
    name = "COALESCE(galleries.title, files.basename, basename(COALESCE(sort_folder.path, '')))"
    return f"{name} COLLATE NATURAL_CI {direction}, file_folder.path COLLATE NATURAL_CI {direction}"


_FULL_PATH = "COALESCE(sort_folder.path, '') || COALESCE(file_folder.path, '') || COALESCE(files.basename, '')"

SORTS: dict[str, SortHandler] = {
    **{name: column(f"galleries.{name}") for name in ("created_at", "date", "id", "rating", "updated_at")},
    "file_count": count_of("galleries_files", "gallery_id"),
    "images_count": count_of("galleries_images", "gallery_id"),
    "performer_count": count_of("performers_galleries", "gallery_id"),
    "tag_count": count_of("galleries_tags", "gallery_id"),
    "file_mod_time": joined("files.mod_time", _sort_files),
    "path": natural(_FULL_PATH, _sort_folders),
    "title": _by_title,
}

GALLERIES = Entity(
    table="galleries",
    tie_break="COALESCE(galleries.title, galleries.id) COLLATE NATURAL_CI ASC",
    sorts=SORTS,
    search_columns=(
        "galleries.title",
        "gallery_folder.path",
        files.FULL_PATH,
        "files_fingerprints.fingerprint",
        "galleries_chapters.title",
    ),
    join_search=_join_search,
    criteria={
        "id": values.number("galleries.id"),
        **{name: values.text(f"galleries.{name}") for name in ("title", "code", "details", "photographer")},
        "checksum": values.text("fingerprints_md5.fingerprint", files.join_fingerprint("md5")),
        "path": _path,
        "file_count": values.count_of("galleries_files", "gallery_id"),
        "is_missing": is_missing(
            ("title", "code", "details", "photographer", "rating"),
            null_columns={"studio": "studio_id"},
            links={
                "performers": ("performers_galleries", "gallery_id", "performers_join"),
                "scenes": ("scenes_galleries", "gallery_id", "scenes_join"),
                "tags": ("galleries_tags", "gallery_id", "tags_join"),
                "url": ("gallery_urls", "gallery_id", ""),
            },
            special={"date": _missing_date},
        ),
        "is_zip": _is_zip,
        "rating100": values.number("galleries.rating"),
        "organized": values.flag("galleries.organized"),
        "average_resolution": _average_resolution,
        "has_chapters": _has_chapters,
        "scenes": linked_through("scenes", "scenes_galleries", "gallery_id", "scene_id"),
        "studios": column_tree(STUDIOS, "galleries.studio_id"),
        "tags": linked_tree(TAGS, "galleries_tags", "gallery_id", "tag_id", "gallery_tag"),
        "tag_count": values.count_of("galleries_tags", "gallery_id"),
        "performer_tags": performer_tags("performers_galleries", "gallery_id"),
        "performers": linked("performers_galleries", "gallery_id", "performer_id", "performers_join"),
        "performer_count": values.count_of("performers_galleries", "gallery_id"),
        "performer_favorite": performer_favorite("performers_galleries", "gallery_id"),
        "performer_age": performer_age("performers_galleries", "gallery_id"),
        "image_count": values.count_of("galleries_images", "gallery_id"),
        "url": values.listed_text("gallery_urls", "url", "gallery_id"),
        "date": values.date("galleries.date"),
        "created_at": values.timestamp("galleries.created_at"),
        "updated_at": values.timestamp("galleries.updated_at"),
    },
)
