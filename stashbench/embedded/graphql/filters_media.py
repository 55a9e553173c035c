"""Filters of scenes, images and galleries. The API names the operators in capitals."""

from __future__ import annotations

import strawberry
from strawberry import UNSET

from stashbench.embedded.graphql.criteria import (
    DateCriterionInput,
    HierarchicalMultiCriterionInput,
    IntCriterionInput,
    MultiCriterionInput,
    OrientationCriterionInput,
    PhashDistanceCriterionInput,
    PhashDuplicationCriterionInput,
    ResolutionCriterionInput,
    StashIDCriterionInput,
    StringCriterionInput,
    TimestampCriterionInput,
)


@strawberry.input
class SceneFilterType:
    """Criteria on scenes; all must hold."""

    AND: SceneFilterType | None = UNSET
    OR: SceneFilterType | None = UNSET
    NOT: SceneFilterType | None = UNSET
    id: IntCriterionInput | None = UNSET
    title: StringCriterionInput | None = UNSET
    code: StringCriterionInput | None = UNSET
    details: StringCriterionInput | None = UNSET
    director: StringCriterionInput | None = UNSET
    oshash: StringCriterionInput | None = UNSET
    checksum: StringCriterionInput | None = UNSET
    phash_distance: PhashDistanceCriterionInput | None = UNSET
    duplicated: PhashDuplicationCriterionInput | None = UNSET
    path: StringCriterionInput | None = UNSET
    file_count: IntCriterionInput | None = UNSET
    rating100: IntCriterionInput | None = UNSET
    organized: bool | None = UNSET
    o_counter: IntCriterionInput | None = UNSET
    resolution: ResolutionCriterionInput | None = UNSET
    orientation: OrientationCriterionInput | None = UNSET
    framerate: IntCriterionInput | None = UNSET
    bitrate: IntCriterionInput | None = UNSET
    video_codec: StringCriterionInput | None = UNSET
    audio_codec: StringCriterionInput | None = UNSET
    duration: IntCriterionInput | None = UNSET
    has_markers: str | None = UNSET
    is_missing: str | None = UNSET
    studios: HierarchicalMultiCriterionInput | None = UNSET
    groups: HierarchicalMultiCriterionInput | None = UNSET
    galleries: MultiCriterionInput | None = UNSET
    tags: HierarchicalMultiCriterionInput | None = UNSET
    tag_count: IntCriterionInput | None = UNSET
    performer_tags: HierarchicalMultiCriterionInput | None = UNSET
    performer_favorite: bool | None = UNSET
    performer_age: IntCriterionInput | None = UNSET
    performers: MultiCriterionInput | None = UNSET
    performer_count: IntCriterionInput | None = UNSET
    stash_id_endpoint: StashIDCriterionInput | None = UNSET
    url: StringCriterionInput | None = UNSET
    interactive: bool | None = UNSET
    interactive_speed: IntCriterionInput | None = UNSET
    captions: StringCriterionInput | None = UNSET
    resume_time: IntCriterionInput | None = UNSET
    play_count: IntCriterionInput | None = UNSET
    play_duration: IntCriterionInput | None = UNSET
    last_played_at: TimestampCriterionInput | None = UNSET
    date: DateCriterionInput | None = UNSET
    created_at: TimestampCriterionInput | None = UNSET
    updated_at: TimestampCriterionInput | None = UNSET


@strawberry.input
class ImageFilterType:
    """Criteria on images; all must hold."""

    AND: ImageFilterType | None = UNSET
    OR: ImageFilterType | None = UNSET
    NOT: ImageFilterType | None = UNSET
    id: IntCriterionInput | None = UNSET
    title: StringCriterionInput | None = UNSET
    code: StringCriterionInput | None = UNSET
    details: StringCriterionInput | None = UNSET
    photographer: StringCriterionInput | None = UNSET
    checksum: StringCriterionInput | None = UNSET
    path: StringCriterionInput | None = UNSET
    file_count: IntCriterionInput | None = UNSET
    rating100: IntCriterionInput | None = UNSET
    date: DateCriterionInput | None = UNSET
    url: StringCriterionInput | None = UNSET
    organized: bool | None = UNSET
    o_counter: IntCriterionInput | None = UNSET
    resolution: ResolutionCriterionInput | None = UNSET
    orientation: OrientationCriterionInput | None = UNSET
    is_missing: str | None = UNSET
    studios: HierarchicalMultiCriterionInput | None = UNSET
    tags: HierarchicalMultiCriterionInput | None = UNSET
    tag_count: IntCriterionInput | None = UNSET
    performer_tags: HierarchicalMultiCriterionInput | None = UNSET
    performers: MultiCriterionInput | None = UNSET
    performer_count: IntCriterionInput | None = UNSET
    performer_favorite: bool | None = UNSET
    performer_age: IntCriterionInput | None = UNSET
    galleries: MultiCriterionInput | None = UNSET
    created_at: TimestampCriterionInput | None = UNSET
    updated_at: TimestampCriterionInput | None = UNSET


@strawberry.input
class GalleryFilterType:
    """Criteria on galleries; all must hold."""

    AND: GalleryFilterType | None = UNSET
    OR: GalleryFilterType | None = UNSET
    NOT: GalleryFilterType | None = UNSET
    id: IntCriterionInput | None = UNSET
    title: StringCriterionInput | None = UNSET
    code: StringCriterionInput | None = UNSET
    details: StringCriterionInput | None = UNSET
    photographer: StringCriterionInput | None = UNSET
    checksum: StringCriterionInput | None = UNSET
    path: StringCriterionInput | None = UNSET
    file_count: IntCriterionInput | None = UNSET
    is_missing: str | None = UNSET
    is_zip: bool | None = UNSET
    rating100: IntCriterionInput | None = UNSET
    organized: bool | None = UNSET
    average_resolution: ResolutionCriterionInput | None = UNSET
    has_chapters: str | None = UNSET
    scenes: MultiCriterionInput | None = UNSET
    studios: HierarchicalMultiCriterionInput | None = UNSET
    tags: HierarchicalMultiCriterionInput | None = UNSET
    tag_count: IntCriterionInput | None = UNSET
    performer_tags: HierarchicalMultiCriterionInput | None = UNSET
    performers: MultiCriterionInput | None = UNSET
    performer_count: IntCriterionInput | None = UNSET
    performer_favorite: bool | None = UNSET
    performer_age: IntCriterionInput | None = UNSET
    image_count: IntCriterionInput | None = UNSET
    url: StringCriterionInput | None = UNSET
    date: DateCriterionInput | None = UNSET
    created_at: TimestampCriterionInput | None = UNSET
    updated_at: TimestampCriterionInput | None = UNSET
