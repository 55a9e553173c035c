"""Galleries and their chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import strawberry

from stashbench.embedded.graphql.fields import address, computed, count, first_of, optional, relation
from stashbench.embedded.graphql.file import Folder, GalleryFile
from stashbench.embedded.graphql.file_rows import files_of
from stashbench.embedded.graphql.references import GALLERY, IMAGE, PERFORMER, SCENE, STUDIO, TAG
from stashbench.embedded.graphql.relations import linked, owned, referred, referred_singly, tags_of, texts_of
from stashbench.embedded.graphql.rows import Request, Row
from stashbench.embedded.graphql.scalars import Time
from stashbench.embedded.sql import counts, load, lookups
from stashbench.embedded.sql.entity import list_query
from stashbench.embedded.sql.find_filter import FindFilter
from stashbench.embedded.sql.images import IMAGES
from stashbench.errors import RequestError

_URLS = texts_of("gallery_urls", "url", "gallery_id")


def _image_ids(request: Request, gallery_id: int, offset: int, pattern: str = "") -> list[int]:
    """The id of one image of a gallery by path, of all or of those whose path matches."""
    criteria: dict[str, object] = {"galleries": {"value": [str(gallery_id)], "modifier": "INCLUDES"}}
    if pattern:
        criteria["path"] = {"value": pattern, "modifier": "MATCHES_REGEX"}
    page = FindFilter(page=offset + 1, per_page=1, sort="path")
    ids: list[int] = request.column(list_query(IMAGES, page, criteria, request.fetch).page_statement())
    return ids


def _one_image(request: Request, number: int) -> Row | None:
    rows = request.read(load.IMAGES, load.IMAGES.where("images.id = ?", number))
    return rows[0] if rows else None


def _covers(request: Request, rows: Sequence[Row]) -> Mapping[int, Row]:
    """The chosen cover, or else an image called like one, or else the first: up to three statements per gallery."""
    pattern = f"(?i){request.state.configuration['galleryCoverRegex']}"
    chosen = {}
    for row in rows:
        ids = (
            request.column(lookups.gallery_cover_id(row.id))
            or _image_ids(request, row.id, 0, pattern)
            or _image_ids(request, row.id, 0)
        )
        if ids:
            chosen[row.id] = ids[0]
    return {owner: image for owner, number in chosen.items() if (image := _one_image(request, number)) is not None}


def _image(row: strawberry.Parent[Row], index: int) -> Row | None:
    request = row.siblings.request
    ids = _image_ids(request, row.id, max(index, 0))
    if not ids:
        message = f"gallery {row.id} has no image with the index {index}"
        raise RequestError(message)
    return _one_image(request, ids[0])


def _paths(row: Row) -> Row:
    stem = f"gallery/{row.id}"
    return Row(cover=address(row, f"{stem}/cover"), preview=address(row, f"{stem}/preview", is_versioned=False))


@strawberry.type
class GalleryPathsType:
    """Addresses of a gallery's pictures on this server."""

    cover: str
    preview: str


@strawberry.type
class GalleryChapter:
    """A named place in a gallery."""

    id: strawberry.ID
    gallery = relation(GALLERY, referred(load.GALLERIES, "gallery_id"))
    title: str
    image_index: int
    created_at: Time
    updated_at: Time


@strawberry.type
class Gallery:
    """Images in a folder, in a zip file or put together by hand."""

    id: strawberry.ID
    title: str | None
    code: str | None
    url = computed(str | None, first_of(_URLS), deprecated="Use urls")
    urls = relation(list[str], _URLS)
    date: str | None
    details: str | None
    photographer: str | None
    rating100: int | None
    organized: bool
    created_at: Time
    updated_at: Time
    files = relation(list[GalleryFile], files_of("galleries", "gallery_id", "GalleryFile"))
    folder = optional(Folder | None, referred_singly(load.FOLDERS, "folder_id"))
    chapters = relation(
        list[GalleryChapter],
        owned(
            load.CHAPTERS,
            "galleries_chapters.gallery_id = ?",
            " GROUP BY galleries_chapters.id ORDER BY galleries_chapters.image_index ASC",
        ),
    )
    scenes = relation(list[SCENE], linked(load.SCENES, "scenes_galleries", "gallery_id", "scene_id"))
    studio = optional(STUDIO | None, referred(load.STUDIOS, "studio_id"))
    image_count = count(lambda owner: counts.direct_count("galleries_images", "gallery_id", owner))
    tags = relation(list[TAG], tags_of("galleries_tags", "gallery_id"))
    performers = relation(
        list[PERFORMER], linked(load.PERFORMERS, "performers_galleries", "gallery_id", "performer_id")
    )
    cover = optional(IMAGE | None, _covers)
    paths = computed(GalleryPathsType, _paths)
    image = strawberry.field(resolver=_image, graphql_type=IMAGE)
