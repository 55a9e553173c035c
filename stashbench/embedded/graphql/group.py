"""Groups of scenes (movies before v0.27)."""

from __future__ import annotations

import strawberry

from stashbench.embedded.graphql.fields import address, computed, depth_count, o_counter, optional, relation
from stashbench.embedded.graphql.references import GROUP, SCENE, STUDIO, TAG
from stashbench.embedded.graphql.relations import described_groups, owned, referred, tags_of, texts_of
from stashbench.embedded.graphql.rows import Row
from stashbench.embedded.graphql.scalars import Time
from stashbench.embedded.sql import counts, load, lookups
from stashbench.embedded.sql.groups import GROUPS_ENTITY
from stashbench.embedded.sql.performers import PERFORMERS
from stashbench.embedded.sql.scenes import SCENES
from stashbench.embedded.sql.scope import Fetch
from stashbench.embedded.sql.select import Statement


def _scene_count(owner: int, depth: int | None, fetch: Fetch) -> Statement:
    return counts.filtered_count(SCENES, "groups", owner, depth, fetch)


def _performer_count(owner: int, depth: int | None, fetch: Fetch) -> Statement:
    return counts.filtered_count(PERFORMERS, "groups", owner, depth, fetch)


def _sub_group_count(owner: int, depth: int | None, fetch: Fetch) -> Statement:
    return counts.filtered_count(GROUPS_ENTITY, "containing_groups", owner, depth, fetch)


def _front_image(row: Row) -> str:
    has_image = row.siblings.request.first_value(lookups.has_image("groups", "front_image_blob", row.id))
    return address(row, f"group/{row.id}/frontimage") + ("" if has_image else "&default=true")


def _back_image(row: Row) -> str | None:
    has_image = row.siblings.request.first_value(lookups.has_image("groups", "back_image_blob", row.id))
    return address(row, f"group/{row.id}/backimage") if has_image else None


_SCENES = "scenes.id IN (SELECT groups_scenes.scene_id FROM groups_scenes WHERE groups_scenes.group_id = ?)"


@strawberry.type
class GroupDescription:
    """A group above or below another, and what is said of that."""

    group = computed(GROUP, lambda row: row.group)
    description: str | None


@strawberry.type
class Group:
    """A group of scenes, perhaps within others."""

    id: strawberry.ID
    name: str
    aliases: str | None
    duration: int | None
    date: str | None
    rating100: int | None
    studio = optional(STUDIO | None, referred(load.STUDIOS, "studio_id"))
    director: str | None
    synopsis: str | None
    urls = relation(list[str], texts_of("group_urls", "url", "group_id"))
    tags = relation(list[TAG], tags_of("groups_tags", "group_id"))
    created_at: Time
    updated_at: Time
    containing_groups = relation(list[GroupDescription], described_groups("sub_id", "containing_id"))
    sub_groups = relation(list[GroupDescription], described_groups("containing_id", "sub_id"))
    front_image_path = computed(str | None, _front_image)
    back_image_path = computed(str | None, _back_image)
    scene_count = depth_count(_scene_count)
    performer_count = depth_count(_performer_count)
    sub_group_count = depth_count(_sub_group_count)
    scenes = relation(list[SCENE], owned(load.SCENES, _SCENES))
    o_counter = o_counter("group")
