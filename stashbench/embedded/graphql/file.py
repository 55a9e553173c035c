"""Files, folders and fingerprints."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from stashbench.embedded.graphql.fields import optional, relation
from stashbench.embedded.graphql.file_rows import folders_of, zip_files
from stashbench.embedded.graphql.rows import Row
from stashbench.embedded.graphql.scalars import Int64, Time

_BY_ID = "Use the object instead"


def _fingerprint(row: strawberry.Parent[Row], type: str) -> str | None:  # noqa: A002 - the API's argument
    return next((found.value for found in row.fingerprints if found.type == type), None)


@strawberry.type
class Fingerprint:
    """A hash of a file."""

    type: str
    value: str


@strawberry.type
class Folder:
    """A folder below one of the library's roots."""

    id: strawberry.ID
    path: str
    parent_folder_id: strawberry.ID | None = strawberry.field(deprecation_reason=_BY_ID)
    zip_file_id: strawberry.ID | None = strawberry.field(deprecation_reason=_BY_ID)
    parent_folder = optional(
        Annotated["Folder", strawberry.lazy("stashbench.embedded.graphql.file")] | None, folders_of("parent_folder_id")
    )
    zip_file = optional(Annotated["BasicFile", strawberry.lazy("stashbench.embedded.graphql.file")] | None, zip_files)
    mod_time: Time
    created_at: Time
    updated_at: Time


@strawberry.interface
class BaseFile:
    """What all files have."""

    id: strawberry.ID
    path: str
    basename: str
    parent_folder_id: strawberry.ID = strawberry.field(deprecation_reason=_BY_ID)
    zip_file_id: strawberry.ID | None = strawberry.field(deprecation_reason=_BY_ID)
    parent_folder = relation(Folder, folders_of("parent_folder_id"))
    zip_file = optional(Annotated["BasicFile", strawberry.lazy("stashbench.embedded.graphql.file")] | None, zip_files)
    mod_time: Time
    size: Int64
    fingerprint: str | None = strawberry.field(resolver=_fingerprint)
    fingerprints: list[Fingerprint]
    created_at: Time
    updated_at: Time


@strawberry.type
class BasicFile(BaseFile):
    """A file that is neither video nor image."""

    @classmethod
    def is_type_of(cls, row: Any, _info: Any) -> bool:
        """Rows name their type."""
        return bool(row.kind == "BasicFile")


@strawberry.type
class GalleryFile(BaseFile):
    """A zip file that makes a gallery."""

    @classmethod
    def is_type_of(cls, row: Any, _info: Any) -> bool:
        """Rows name their type."""
        return bool(row.kind == "GalleryFile")


@strawberry.type
class VideoFile(BaseFile):
    """A video."""

    format: str
    width: int
    height: int
    duration: float
    video_codec: str
    audio_codec: str
    frame_rate: float
    bit_rate: int

    @classmethod
    def is_type_of(cls, row: Any, _info: Any) -> bool:
        """Rows name their type."""
        return bool(row.kind == "VideoFile")


@strawberry.type
class ImageFile(BaseFile):
    """A picture."""

    format: str
    width: int
    height: int

    @classmethod
    def is_type_of(cls, row: Any, _info: Any) -> bool:
        """Rows name their type."""
        return bool(row.kind == "ImageFile")


VisualFile = Annotated[VideoFile | ImageFile, strawberry.union("VisualFile")]
"""What an image consists of: a picture, or a clip."""

__all__ = ["BaseFile", "BasicFile", "Fingerprint", "Folder", "GalleryFile", "ImageFile", "VideoFile", "VisualFile"]
