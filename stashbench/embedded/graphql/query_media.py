"""Queries for scenes, images, galleries and files."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry
from strawberry import UNSET
from strawberry.types import Info

from stashbench.embedded.graphql.criteria import FindFilterType
from stashbench.embedded.graphql.fields import query
from stashbench.embedded.graphql.file_rows import primary_files
from stashbench.embedded.graphql.filters_media import GalleryFilterType, ImageFilterType, SceneFilterType
from stashbench.embedded.graphql.find import Listing, find, load_page, named, one
from stashbench.embedded.graphql.gallery import Gallery
from stashbench.embedded.graphql.image import Image
from stashbench.embedded.graphql.rows import Request, Row, request_of
from stashbench.embedded.graphql.scene import Scene
from stashbench.embedded.graphql.selection import selected_names
from stashbench.embedded.sql import duplicates, load
from stashbench.embedded.sql.galleries import GALLERIES
from stashbench.embedded.sql.images import IMAGES
from stashbench.embedded.sql.scenes import SCENES
from stashbench.embedded.sql.totals import IMAGE_TOTALS, SCENE_TOTALS

_SCENES = Listing(SCENES, load.SCENES, "scenes", "scene", SCENE_TOTALS)
_IMAGES = Listing(IMAGES, load.IMAGES, "images", "image", IMAGE_TOTALS)
_GALLERIES = Listing(GALLERIES, load.GALLERIES, "galleries", "gallery")
_WALL_SIZE = 80
_PIXELS_PER_MEGAPIXEL = 1_000_000


@strawberry.type
class FindScenesResultType:
    """A page of scenes; totals are over all matches: duration in seconds, file size in bytes."""

    count: int
    duration: float
    filesize: float
    scenes: list[Scene]


@strawberry.type
class FindImagesResultType:
    """A page of images; totals are over all matches: pixels in millions, file size in bytes."""

    count: int
    megapixels: float
    filesize: float
    images: list[Image]


@strawberry.type
class FindGalleriesResultType:
    """A page of galleries."""

    count: int
    galleries: list[Gallery]


def _scenes_by_id(request: Request, ids: Sequence[str | int]) -> Row:
    """Scenes by id with totals of their primary files, which costs one statement per file."""
    rows = named(request, _SCENES, ids)
    files = primary_files(request, rows).values()
    return Row(
        count=len(rows),
        duration=sum(file.duration or 0 for file in files),
        filesize=sum(file.size for file in files),
        scenes=rows,
    )


def _images_by_id(request: Request, ids: Sequence[str | int]) -> Row:
    """Images by id with totals of their primary files, which costs one statement per file."""
    rows = named(request, _IMAGES, ids)
    files = [file for file in primary_files(request, rows).values() if file.kind == "ImageFile"]
    return Row(
        count=len(rows),
        megapixels=sum(file.width * file.height for file in files) / _PIXELS_PER_MEGAPIXEL,
        filesize=sum(file.size for file in files),
        images=rows,
    )


def _by_lowest_path(groups: list[list[Row]]) -> list[list[Row]]:
    return sorted(groups, key=lambda rows: min(f"{row.folder_path}/{row.basename}" for row in rows))


@strawberry.type
class MediaQueries:
    """Queries for what has files."""

    @query("findScenes", FindScenesResultType)
    def find_scenes(
        self,
        info: Info,
        scene_filter: SceneFilterType | None = UNSET,
        scene_ids: list[int] | None = UNSET,
        ids: list[strawberry.ID] | None = UNSET,
        filter: FindFilterType | None = UNSET,  # noqa: A002 - the API's argument
    ) -> Row:
        """Find a page of scenes."""
        request, wanted = request_of(info), ids or scene_ids
        if wanted:
            return _scenes_by_id(request, wanted)
        return find(request, _SCENES, selected_names(info._raw_info), filter, scene_filter)  # noqa: SLF001

    @query("findScene", Scene | None)
    def find_scene(self, info: Info, id: strawberry.ID | None = UNSET, checksum: str | None = UNSET) -> Row | None:  # noqa: A002
        """Find one scene by its id or the MD5 of a file."""
        request = request_of(info)
        if id:
            return one(request, load.SCENES, id)
        return _by_fingerprint(request, "md5", checksum or "")

    @query("findScenesByPathRegex", FindScenesResultType)
    def find_scenes_by_path_regex(self, info: Info, filter: FindFilterType | None = UNSET) -> Row:  # noqa: A002
        """Find scenes whose path matches the search text as a regular expression, ignoring case."""
        request, criteria, page = request_of(info), None, filter
        if filter and filter.q:
            criteria = {"path": {"value": f"(?i){filter.q}", "modifier": "MATCHES_REGEX"}}
            page = FindFilterType(
                page=filter.page, per_page=filter.per_page, sort=filter.sort, direction=filter.direction
            )
        return find(request, _SCENES, selected_names(info._raw_info), page, criteria)  # noqa: SLF001

    @query("findDuplicateScenes", list[list[Scene]])
    def find_duplicate_scenes(
        self, info: Info, distance: int | None = UNSET, duration_diff: float | None = UNSET
    ) -> list[list[Row]]:
        """Group scenes by perceptual hash: equal hashes, or hashes that differ in up to `distance` bits."""
        request = request_of(info)
        difference = -1.0 if duration_diff is None or duration_diff is UNSET else duration_diff
        if distance:
            files = duplicates.hashed_files(request.fetch(*duplicates.hashes_statement()))
            groups = duplicates.near_groups(files, distance, difference)
        else:
            texts = request.column(duplicates.exact_statement(difference))
            groups = [[int(number) for number in text.split(",")] for text in texts]
        loaded = load_page(request, load.SCENES, list(dict.fromkeys(number for group in groups for number in group)))
        scenes = {row.id: row for row in loaded}
        return _by_lowest_path([[scenes[number] for number in group] for group in groups])

    @query("sceneWall", list[Scene])
    def scene_wall(self, info: Info, q: str | None = UNSET) -> list[Row]:
        """Pick up to eighty scenes at random whose details contain a text."""
        request = request_of(info)
        sql, args = load.SCENES.where("scenes.details LIKE ?", f"%{q or ''}%")
        return request.read(load.SCENES, (f"{sql} ORDER BY RANDOM() ASC LIMIT ?", (*args, _WALL_SIZE)))

    @query("findImages", FindImagesResultType)
    def find_images(
        self,
        info: Info,
        image_filter: ImageFilterType | None = UNSET,
        image_ids: list[int] | None = UNSET,
        ids: list[strawberry.ID] | None = UNSET,
        filter: FindFilterType | None = UNSET,  # noqa: A002 - the API's argument
    ) -> Row:
        """Find a page of images."""
        request, wanted = request_of(info), ids or image_ids
        if wanted:
            return _images_by_id(request, wanted)
        return find(request, _IMAGES, selected_names(info._raw_info), filter, image_filter)  # noqa: SLF001

    @query("findImage", Image | None)
    def find_image(self, info: Info, id: strawberry.ID | None = UNSET) -> Row | None:  # noqa: A002
        """Find one image by its id."""
        return one(request_of(info), load.IMAGES, id) if id else None

    @query("findGalleries", FindGalleriesResultType)
    def find_galleries(
        self,
        info: Info,
        gallery_filter: GalleryFilterType | None = UNSET,
        filter: FindFilterType | None = UNSET,  # noqa: A002 - the API's argument
        ids: list[strawberry.ID] | None = UNSET,
    ) -> Row:
        """Find a page of galleries."""
        return find(request_of(info), _GALLERIES, frozenset(), filter, gallery_filter, ids)

    @query("findGallery", Gallery | None)
    def find_gallery(self, info: Info, id: strawberry.ID) -> Row | None:  # noqa: A002 - the API's argument
        """Find one gallery."""
        return one(request_of(info), load.GALLERIES, id)


def _by_fingerprint(request: Request, kind: str, value: str) -> Row | None:
    condition = (
        "scenes.id IN (SELECT scenes_files.scene_id FROM scenes_files INNER JOIN files_fingerprints "
        "ON files_fingerprints.file_id = scenes_files.file_id "
        "WHERE files_fingerprints.type = ? AND files_fingerprints.fingerprint = ?)"
    )
    rows = request.read(load.SCENES, load.SCENES.where(condition, kind, value))
    return rows[0] if rows else None
