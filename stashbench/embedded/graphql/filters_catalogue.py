"""Filters of performers, tags, studios, groups and markers. The API names the operators in capitals."""

from __future__ import annotations

import strawberry
from strawberry import UNSET

from stashbench.embedded.graphql.criteria import (
    CircumcisionCriterionInput,
    DateCriterionInput,
    FloatCriterionInput,
    GenderCriterionInput,
    HierarchicalMultiCriterionInput,
    IntCriterionInput,
    MultiCriterionInput,
    StashIDCriterionInput,
    StringCriterionInput,
    TimestampCriterionInput,
)


@strawberry.input
class PerformerFilterType:
    """Criteria on performers; all must hold."""

    AND: PerformerFilterType | None = UNSET
    OR: PerformerFilterType | None = UNSET
    NOT: PerformerFilterType | None = UNSET
    name: StringCriterionInput | None = UNSET
    disambiguation: StringCriterionInput | None = UNSET
    details: StringCriterionInput | None = UNSET
    ethnicity: StringCriterionInput | None = UNSET
    country: StringCriterionInput | None = UNSET
    eye_color: StringCriterionInput | None = UNSET
    hair_color: StringCriterionInput | None = UNSET
    measurements: StringCriterionInput | None = UNSET
    fake_tits: StringCriterionInput | None = UNSET
    career_length: StringCriterionInput | None = UNSET
    tattoos: StringCriterionInput | None = UNSET
    piercings: StringCriterionInput | None = UNSET
    aliases: StringCriterionInput | None = UNSET
    filter_favorites: bool | None = UNSET
    ignore_auto_tag: bool | None = UNSET
    gender: GenderCriterionInput | None = UNSET
    circumcised: CircumcisionCriterionInput | None = UNSET
    age: IntCriterionInput | None = UNSET
    birth_year: IntCriterionInput | None = UNSET
    death_year: IntCriterionInput | None = UNSET
    birthdate: DateCriterionInput | None = UNSET
    death_date: DateCriterionInput | None = UNSET
    height_cm: IntCriterionInput | None = UNSET
    weight: IntCriterionInput | None = UNSET
    penis_length: FloatCriterionInput | None = UNSET
    rating100: IntCriterionInput | None = UNSET
    tags: HierarchicalMultiCriterionInput | None = UNSET
    tag_count: IntCriterionInput | None = UNSET
    scene_count: IntCriterionInput | None = UNSET
    image_count: IntCriterionInput | None = UNSET
    gallery_count: IntCriterionInput | None = UNSET
    play_count: IntCriterionInput | None = UNSET
    o_counter: IntCriterionInput | None = UNSET
    studios: HierarchicalMultiCriterionInput | None = UNSET
    performers: MultiCriterionInput | None = UNSET
    groups: HierarchicalMultiCriterionInput | None = UNSET
    url: StringCriterionInput | None = UNSET
    stash_id_endpoint: StashIDCriterionInput | None = UNSET
    is_missing: str | None = UNSET
    created_at: TimestampCriterionInput | None = UNSET
    updated_at: TimestampCriterionInput | None = UNSET


@strawberry.input
class TagFilterType:
    """Criteria on tags; all must hold."""

    AND: TagFilterType | None = UNSET
    OR: TagFilterType | None = UNSET
    NOT: TagFilterType | None = UNSET
    name: StringCriterionInput | None = UNSET
    sort_name: StringCriterionInput | None = UNSET
    description: StringCriterionInput | None = UNSET
    aliases: StringCriterionInput | None = UNSET
    favorite: bool | None = UNSET
    ignore_auto_tag: bool | None = UNSET
    is_missing: str | None = UNSET
    scene_count: IntCriterionInput | None = UNSET
    image_count: IntCriterionInput | None = UNSET
    gallery_count: IntCriterionInput | None = UNSET
    performer_count: IntCriterionInput | None = UNSET
    studio_count: IntCriterionInput | None = UNSET
    group_count: IntCriterionInput | None = UNSET
    marker_count: IntCriterionInput | None = UNSET
    parents: HierarchicalMultiCriterionInput | None = UNSET
    children: HierarchicalMultiCriterionInput | None = UNSET
    parent_count: IntCriterionInput | None = UNSET
    child_count: IntCriterionInput | None = UNSET
    stash_id_endpoint: StashIDCriterionInput | None = UNSET
    created_at: TimestampCriterionInput | None = UNSET
    updated_at: TimestampCriterionInput | None = UNSET


@strawberry.input
class StudioFilterType:
    """Criteria on studios; all must hold."""

    AND: StudioFilterType | None = UNSET
    OR: StudioFilterType | None = UNSET
    NOT: StudioFilterType | None = UNSET
    name: StringCriterionInput | None = UNSET
    details: StringCriterionInput | None = UNSET
    aliases: StringCriterionInput | None = UNSET
    url: StringCriterionInput | None = UNSET
    favorite: bool | None = UNSET
    ignore_auto_tag: bool | None = UNSET
    rating100: IntCriterionInput | None = UNSET
    scene_count: IntCriterionInput | None = UNSET
    image_count: IntCriterionInput | None = UNSET
    gallery_count: IntCriterionInput | None = UNSET
    tag_count: IntCriterionInput | None = UNSET
    child_count: IntCriterionInput | None = UNSET
    parents: MultiCriterionInput | None = UNSET
    tags: HierarchicalMultiCriterionInput | None = UNSET
    stash_id_endpoint: StashIDCriterionInput | None = UNSET
    is_missing: str | None = UNSET
    created_at: TimestampCriterionInput | None = UNSET
    updated_at: TimestampCriterionInput | None = UNSET


@strawberry.input
class GroupFilterType:
    """Criteria on groups; all must hold."""

    AND: GroupFilterType | None = UNSET
    OR: GroupFilterType | None = UNSET
    NOT: GroupFilterType | None = UNSET
    name: StringCriterionInput | None = UNSET
    director: StringCriterionInput | None = UNSET
    synopsis: StringCriterionInput | None = UNSET
    duration: IntCriterionInput | None = UNSET
    rating100: IntCriterionInput | None = UNSET
    o_counter: IntCriterionInput | None = UNSET
    date: DateCriterionInput | None = UNSET
    url: StringCriterionInput | None = UNSET
    is_missing: str | None = UNSET
    studios: HierarchicalMultiCriterionInput | None = UNSET
    performers: MultiCriterionInput | None = UNSET
    tags: HierarchicalMultiCriterionInput | None = UNSET
    tag_count: IntCriterionInput | None = UNSET
    containing_groups: HierarchicalMultiCriterionInput | None = UNSET
    sub_groups: HierarchicalMultiCriterionInput | None = UNSET
    containing_group_count: IntCriterionInput | None = UNSET
    sub_group_count: IntCriterionInput | None = UNSET
    created_at: TimestampCriterionInput | None = UNSET
    updated_at: TimestampCriterionInput | None = UNSET


@strawberry.input
class SceneMarkerFilterType:
    """Criteria on markers; all must hold."""

    tags: HierarchicalMultiCriterionInput | None = UNSET
    scene_tags: HierarchicalMultiCriterionInput | None = UNSET
    performers: MultiCriterionInput | None = UNSET
    scenes: MultiCriterionInput | None = UNSET
    duration: FloatCriterionInput | None = UNSET
    created_at: TimestampCriterionInput | None = UNSET
    updated_at: TimestampCriterionInput | None = UNSET
    scene_date: DateCriterionInput | None = UNSET
    scene_created_at: TimestampCriterionInput | None = UNSET
    scene_updated_at: TimestampCriterionInput | None = UNSET
