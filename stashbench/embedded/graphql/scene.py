"""Scenes, their markers and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import strawberry

from stashbench.embedded.graphql.fields import address, computed, first_of, optional, relation
from stashbench.embedded.graphql.file import VideoFile
from stashbench.embedded.graphql.file_rows import files_of, primary_files
from stashbench.embedded.graphql.references import GALLERY, GROUP, PERFORMER, SCENE, SCENE_MARKER, STUDIO, TAG
from stashbench.embedded.graphql.relations import (
    history_dates,
    history_numbers,
    ids_then_objects,
    linked,
    owned,
    referred,
    referred_singly,
    stash_ids_of,
    tags_of,
    texts_of,
)
from stashbench.embedded.graphql.rows import Request, Row
from stashbench.embedded.graphql.scalars import Time
from stashbench.embedded.graphql.stash_id import StashID
from stashbench.embedded.sql import load, lookups

_URLS = texts_of("scene_urls", "url", "scene_id")
_NO_URL = "Use urls"


def _groups(request: Request, rows: Sequence[Row]) -> Mapping[int, list[Row]]:
    pairs = {row.id: request.fetch(*lookups.scene_groups(row.id)) for row in rows}
    groups = request.objects(load.GROUPS, [pair[0] for found in pairs.values() for pair in found])
    return {
        owner: [Row(group=groups[number], scene_index=position) for number, position in found]
        for owner, found in pairs.items()
    }


def _captions(request: Request, rows: Sequence[Row]) -> Mapping[int, list[Row]]:
    """Captions of the primary file; scenes without any have null, not an empty list."""
    files = primary_files(request, rows)
    found = {owner: request.fetch(*lookups.captions(file.id)) for owner, file in files.items()}
    return {
        owner: [Row(language_code=record[0], caption_type=record[2]) for record in records]
        for owner, records in found.items()
        if records
    }


def _paths(row: Row) -> Row:
    stem = f"scene/{row.id}"
    plain = {
        name: address(row, f"{stem}/{name}", is_versioned=False)
        for name in ("preview", "stream", "webp", "funscript", "interactive_heatmap", "caption")
    }
    digest = row.oshash or row.checksum or ""
    return Row(
        **plain,
        screenshot=address(row, f"{stem}/screenshot"),
        vtt=address(row, f"scene/{digest}_thumbs.vtt", is_versioned=False),
        sprite=address(row, f"scene/{digest}_sprite.jpg", is_versioned=False),
    )


def _is_interactive(row: Row) -> bool:
    file = row.siblings.related(primary_files, row)
    return bool(file is not None and file.interactive)


def _interactive_speed(row: Row) -> int | None:
    file = row.siblings.related(primary_files, row)
    return None if file is None else file.interactive_speed


def _marker_path(name: str) -> Any:
    def value(row: Row) -> str:
        return address(row, f"scene/{row.scene_id}/scene_marker/{row.id}/{name}", is_versioned=False)

    return computed(str, value)


_o_count = history_numbers("scenes_o_dates", "o_date", lookups.history_counts)
_play_count = history_numbers("scenes_view_dates", "view_date", lookups.history_counts)
_last_view = history_numbers("scenes_view_dates", "view_date", lookups.history_latest)


@strawberry.type
class VideoCaption:
    """A caption file beside a video."""

    language_code: str
    caption_type: str


@strawberry.type
class SceneGroup:
    """A group a scene is in, and where in it."""

    group = computed(GROUP, lambda row: row.group)
    scene_index: int | None


@strawberry.type
class ScenePathsType:
    """Addresses of a scene's media on this server."""

    screenshot: str | None
    preview: str | None
    stream: str | None
    webp: str | None
    vtt: str | None
    sprite: str | None
    funscript: str | None
    interactive_heatmap: str | None
    caption: str | None


@strawberry.type
class SceneMarker:
    """A moment of a scene."""

    id: strawberry.ID
    scene = relation(SCENE, referred_singly(load.SCENES, "scene_id"))
    title: str
    seconds: float
    end_seconds: float | None
    primary_tag = relation(TAG, referred_singly(load.TAGS, "primary_tag_id"))
    tags = relation(list[TAG], ids_then_objects(load.TAGS, lookups.marker_tag_ids))
    created_at: Time
    updated_at: Time
    stream = _marker_path("stream")
    preview = _marker_path("preview")
    screenshot = _marker_path("screenshot")


@strawberry.type
class Scene:
    """A scene: one or more videos with what is known about them."""

    id: strawberry.ID
    title: str | None
    code: str | None
    details: str | None
    director: str | None
    url = computed(str | None, first_of(_URLS), deprecated=_NO_URL)
    urls = relation(list[str], _URLS)
    date: str | None
    rating100: int | None
    organized: bool
    o_counter = relation(int | None, _o_count, default=int)
    interactive = computed(bool, _is_interactive)
    interactive_speed = computed(int | None, _interactive_speed)
    captions = optional(list[VideoCaption] | None, _captions)
    created_at: Time
    updated_at: Time
    last_played_at = optional(Time | None, _last_view)
    resume_time: float | None
    play_duration: float | None
    play_count = relation(int | None, _play_count, default=int)
    play_history = relation(list[Time], history_dates("scenes_view_dates", "view_date"))
    o_history = relation(list[Time], history_dates("scenes_o_dates", "o_date"))
    files = relation(list[VideoFile], files_of("scenes", "scene_id"))
    paths = computed(ScenePathsType, _paths)
    scene_markers = relation(
        list[SCENE_MARKER],
        owned(
            load.MARKERS,
            "scene_markers.scene_id = ?",
            " GROUP BY scene_markers.id ORDER BY scene_markers.seconds ASC",
        ),
    )
    galleries = relation(list[GALLERY], linked(load.GALLERIES, "scenes_galleries", "scene_id", "gallery_id"))
    studio = optional(STUDIO | None, referred(load.STUDIOS, "studio_id"))
    groups = relation(list[SceneGroup], _groups)
    tags = relation(list[TAG], tags_of("scenes_tags", "scene_id"))
    performers = relation(list[PERFORMER], linked(load.PERFORMERS, "performers_scenes", "scene_id", "performer_id"))
    stash_ids = relation(list[StashID], stash_ids_of("scene_stash_ids", "scene_id"))
