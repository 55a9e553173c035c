"""Scenes: their sorts, searched columns and criteria."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql import files, values
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.performer_criteria import performer_age, performer_favorite, performer_tags
from stashbench.embedded.sql.relations import GROUPS, STUDIOS, TAGS, column_tree, linked, linked_through, linked_tree
from stashbench.embedded.sql.scope import Criterion, Scope
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, count_of, joined, latest_of, natural
from stashbench.embedded.sql.stash_ids import stash_id_endpoint

_LAST_VIEW = "(SELECT scene_id, MAX(view_date) AS last_played_at FROM scenes_view_dates GROUP BY scene_id)"
_LATEST_INTEGER = 9223372036854775807  # sorts behind every age


def _has_markers(scope: Scope, criterion: Criterion) -> None:
    scope.select.add_join("LEFT", "scene_markers", "scene_markers.scene_id = scenes.id")
    if criterion == "true":
        scope.require_of_group("count(scene_markers.scene_id) > 0")
    else:
        scope.require("scene_markers.id IS NULL")


def _join_last_view(scope: Scope) -> None:
    scope.select.add_join("LEFT", _LAST_VIEW, "scene_last_view.scene_id = scenes.id", alias="scene_last_view")


def _join_captions(scope: Scope) -> None:
    files.join_links(scope)
    scope.select.add_join("LEFT", "video_captions", "video_captions.file_id = scenes_files.file_id")


_captions = values.text("video_captions.language_code", _join_captions)


def _by_captions(scope: Scope, criterion: Criterion) -> None:
    """StringCriterionInput on a language; EXCLUDES is exact and holds over all captions."""
    if criterion["modifier"] != "EXCLUDES":
        _captions(scope, criterion)
        return
    scope.require(
        "scenes.id NOT IN (SELECT scenes_files.scene_id FROM scenes_files INNER JOIN video_captions "
        "ON video_captions.file_id = scenes_files.file_id WHERE video_captions.language_code LIKE ?)",
        criterion["value"],
    )


def _missing_date(scope: Scope, _criterion: Criterion) -> None:
    scope.require("scenes.date IS NULL OR scenes.date = ''")


def _missing_phash(scope: Scope, _criterion: Criterion) -> None:
    files.join_fingerprint("phash")(scope)
    scope.require("fingerprints_phash.fingerprint IS NULL")


def join_search(select: Select) -> None:
    """Everything the search box looks into; each join multiplies rows before DISTINCT."""
    files.join_folders_of(select)
    select.add_join("LEFT", "files_fingerprints", "files_fingerprints.file_id = scenes_files.file_id")
    select.add_join("LEFT", "scene_markers", "scene_markers.scene_id = scenes.id")


def _sort_files(select: Select) -> None:
    select.add_sort_join("scenes_files", "scenes_files.scene_id = scenes.id")
    select.add_sort_join("files", "scenes_files.file_id = files.id")


def _sort_folders(select: Select) -> None:
    _sort_files(select)
    select.add_sort_join("folders", "files.parent_folder_id = folders.id")


def _sort_video(select: Select) -> None:
    _sort_files(select)
    select.add_sort_join("video_files", "video_files.file_id = scenes_files.file_id")


def _sort_studio(select: Select) -> None:
    select.add_sort_join("studios", "scenes.studio_id = studios.id")


def _sort_group(select: Select) -> None:
    select.add_sort_join("groups_scenes", "scenes.id = scene_group.scene_id", alias="scene_group")


def _by_title(select: Select, direction: str) -> str:
    _sort_folders(select)
    name = f"COALESCE(scenes.title, files.basename) COLLATE NATURAL_CI {direction}"
    return f"{name}, folders.path COLLATE NATURAL_CI {direction}"


def _by_similarity(select: Select, direction: str) -> str:
    _sort_files(select)
    on = "scenes_files.file_id = fingerprints_phash.file_id AND fingerprints_phash.type = 'phash'"
    select.add_sort_join("files_fingerprints", on, alias="fingerprints_phash")
    return f"fingerprints_phash.fingerprint {direction}, files.size DESC"


def _by_performer_age(select: Select, direction: str) -> str:
    """Age of the youngest performer upwards, of the oldest downwards; scenes without an age come last."""
    aggregate, missing = ("MAX", "NULL") if direction == "DESC" else ("MIN", _LATEST_INTEGER)
    return (
        f"(SELECT COALESCE({aggregate}(JulianDay(scenes.date) - JulianDay(performers.birthdate)), {missing}) "
        "FROM performers INNER JOIN performers_scenes AS aggregation WHERE performers.id = aggregation.performer_id "
        f"AND aggregation.scene_id = {select.id}) {direction}"
    )


_COLUMNS = ("created_at", "code", "date", "id", "organized", "play_duration", "resume_time", "rating", "updated_at")
_VIDEO_COLUMNS = {
    "bitrate": "bit_rate",
    "duration": "duration",
    "framerate": "frame_rate",
    "interactive": "interactive",
    "interactive_speed": "interactive_speed",
}

SORTS: dict[str, SortHandler] = {
    **{name: column(f"scenes.{name}") for name in _COLUMNS},
    **{name: joined(f"video_files.{source}", _sort_video) for name, source in _VIDEO_COLUMNS.items()},
    "file_count": count_of("scenes_files", "scene_id"),
    "o_counter": count_of("scenes_o_dates", "scene_id"),
    "performer_count": count_of("performers_scenes", "scene_id"),
    "play_count": count_of("scenes_view_dates", "scene_id"),
    "tag_count": count_of("scenes_tags", "scene_id"),
    "last_o_at": latest_of("scenes_o_dates", "scene_id", "o_date"),
    "last_played_at": latest_of("scenes_view_dates", "scene_id", "view_date"),
    "filesize": joined("files.size", _sort_files),
    "file_mod_time": joined("files.mod_time", _sort_files),
    "group_scene_number": joined("scene_group.scene_index", _sort_group),
    "movie_scene_number": joined("scene_group.scene_index", _sort_group),
    "path": natural("COALESCE(folders.path, '') || COALESCE(files.basename, '')", _sort_folders),
    "perceptual_similarity": _by_similarity,
    "performer_age": _by_performer_age,
    "studio": natural("studios.name", _sort_studio),
    "title": _by_title,
}

_video = files.join_media("video_files")

SCENES = Entity(
    table="scenes",
    tie_break="COALESCE(scenes.title, scenes.id) COLLATE NATURAL_CI ASC",
    sorts=SORTS,
    search_columns=(
        "scenes.title",
        "scenes.details",
        files.FULL_PATH,
        "files_fingerprints.fingerprint",
        "scene_markers.title",
    ),
    join_search=join_search,
    criteria={
        "id": values.number("scenes.id"),
        **{name: values.text(f"scenes.{name}") for name in ("title", "code", "details", "director")},
        "oshash": values.text("fingerprints_oshash.fingerprint", files.join_fingerprint("oshash")),
        "checksum": values.text("fingerprints_md5.fingerprint", files.join_fingerprint("md5")),
        "phash_distance": files.phash_distance,
        "duplicated": files.duplicated,
        "path": files.path,
        "file_count": values.count_of("scenes_files", "scene_id"),
        "rating100": values.number("scenes.rating"),
        "organized": values.flag("scenes.organized"),
        "o_counter": values.count_of("scenes_o_dates", "scene_id"),
        "resolution": files.resolution("video_files"),
        "orientation": files.orientation("video_files"),
        "framerate": values.number("cast(ROUND(video_files.frame_rate) as int)", _video),
        "bitrate": values.number("video_files.bit_rate", _video),
        "video_codec": values.text("video_files.video_codec", _video),
        "audio_codec": values.text("video_files.audio_codec", _video),
        "duration": values.number("cast(video_files.duration as int)", _video),
        "has_markers": _has_markers,
        "is_missing": is_missing(
            ("title", "code", "details", "director", "rating"),
            null_columns={"studio": "studio_id", "cover": "cover_blob"},
            links={
                "url": ("scene_urls", "scene_id", ""),
                "galleries": ("scenes_galleries", "scene_id", "galleries_join"),
                "movie": ("groups_scenes", "scene_id", "groups_join"),
                "group": ("groups_scenes", "scene_id", "groups_join"),
                "performers": ("performers_scenes", "scene_id", "performers_join"),
                "tags": ("scenes_tags", "scene_id", "tags_join"),
                "stash_id": ("scene_stash_ids", "scene_id", ""),
            },
            special={"date": _missing_date, "phash": _missing_phash},
        ),
        "studios": column_tree(STUDIOS, "scenes.studio_id"),
        "groups": linked_tree(GROUPS, "groups_scenes", "scene_id", "group_id", "scene_group"),
        "galleries": linked_through("galleries", "scenes_galleries", "scene_id", "gallery_id"),
        "tags": linked_tree(TAGS, "scenes_tags", "scene_id", "tag_id", "scene_tag"),
        "tag_count": values.count_of("scenes_tags", "scene_id"),
        "performer_tags": performer_tags("performers_scenes", "scene_id"),
        "performer_favorite": performer_favorite("performers_scenes", "scene_id"),
        "performer_age": performer_age("performers_scenes", "scene_id"),
        "performers": linked("performers_scenes", "scene_id", "performer_id", "performers_join"),
        "performer_count": values.count_of("performers_scenes", "scene_id"),
        "stash_id_endpoint": stash_id_endpoint("scene_stash_ids", "scene_id"),
        "url": values.listed_text("scene_urls", "url", "scene_id"),
        "interactive": values.flag("video_files.interactive", _video),
        "interactive_speed": values.number("video_files.interactive_speed", _video),
        "captions": _by_captions,
        "resume_time": values.number("cast(scenes.resume_time as int)"),
        "play_count": values.count_of("scenes_view_dates", "scene_id"),
        "play_duration": values.number("cast(scenes.play_duration as int)"),
        "last_played_at": values.timestamp("IFNULL(last_played_at, datetime(0))", _join_last_view),
        "date": values.date("scenes.date"),
        "created_at": values.timestamp("scenes.created_at"),
        "updated_at": values.timestamp("scenes.updated_at"),
    },
)
