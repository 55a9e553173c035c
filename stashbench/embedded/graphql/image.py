"""Images."""

from __future__ import annotations

import strawberry

from stashbench.embedded.graphql.fields import address, computed, first_of, optional, relation
from stashbench.embedded.graphql.file import ImageFile, VisualFile
from stashbench.embedded.graphql.file_rows import files_of
from stashbench.embedded.graphql.references import GALLERY, PERFORMER, STUDIO, TAG
from stashbench.embedded.graphql.relations import linked, referred, tags_of, texts_of
from stashbench.embedded.graphql.rows import Row
from stashbench.embedded.graphql.scalars import Time
from stashbench.embedded.sql import load

_URLS = texts_of("image_urls", "url", "image_id")
_FILES = files_of("images", "image_id")


def _pictures(row: Row) -> list[Row]:
    """Files that are pictures; clips are only among the visual files."""
    return [file for file in row.siblings.related(_FILES, row, []) if file.kind == "ImageFile"]


def _paths(row: Row) -> Row:
    stem = f"image/{row.id}"
    return Row(image=address(row, f"{stem}/image"), thumbnail=address(row, f"{stem}/thumbnail"), preview="")


@strawberry.type
class ImagePathsType:
    """Addresses of an image on this server."""

    thumbnail: str | None
    preview: str | None
    image: str | None


@strawberry.type
class Image:
    """A picture or clip with what is known about it."""

    id: strawberry.ID
    title: str | None
    code: str | None
    rating100: int | None
    url = computed(str | None, first_of(_URLS), deprecated="Use urls")
    urls = relation(list[str], _URLS)
    date: str | None
    details: str | None
    photographer: str | None
    o_counter: int | None
    organized: bool
    created_at: Time
    updated_at: Time
    files = computed(list[ImageFile], _pictures, deprecated="Use visual_files")
    visual_files = relation(list[VisualFile], _FILES)
    paths = computed(ImagePathsType, _paths)
    galleries = relation(list[GALLERY], linked(load.GALLERIES, "galleries_images", "image_id", "gallery_id"))
    studio = optional(STUDIO | None, referred(load.STUDIOS, "studio_id"))
    tags = relation(list[TAG], tags_of("images_tags", "image_id"))
    performers = relation(list[PERFORMER], linked(load.PERFORMERS, "performers_images", "image_id", "performer_id"))
