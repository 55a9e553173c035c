"""Tags."""

from __future__ import annotations

from typing import Any

import strawberry

from stashbench.embedded.graphql.fields import DepthCount, count, depth_count, image_path, relation
from stashbench.embedded.graphql.references import TAG
from stashbench.embedded.graphql.relations import ids_then_objects, stash_ids_of, texts_of
from stashbench.embedded.graphql.scalars import Time
from stashbench.embedded.graphql.stash_id import StashID
from stashbench.embedded.sql import counts, load, lookups
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.galleries import GALLERIES
from stashbench.embedded.sql.groups import GROUPS_ENTITY
from stashbench.embedded.sql.images import IMAGES
from stashbench.embedded.sql.markers import MARKERS
from stashbench.embedded.sql.performers import PERFORMERS
from stashbench.embedded.sql.scenes import SCENES
from stashbench.embedded.sql.scope import Fetch
from stashbench.embedded.sql.select import Statement
from stashbench.embedded.sql.studios import STUDIOS_ENTITY


def _tagged(entity: Entity) -> DepthCount:
    """Count of the objects a filter for one tag finds."""

    def statement(owner: int, depth: int | None, fetch: Fetch) -> Statement:
        return counts.filtered_count(entity, "tags", owner, depth, fetch)

    return statement


def _relatives(own_column: str, other_column: str) -> Any:
    def statement(owner: int) -> Statement:
        return lookups.tag_relative_ids(own_column, other_column, owner)

    return relation(list[TAG], ids_then_objects(load.TAGS, statement))


@strawberry.type
class Tag:
    """A tag in a tree of tags; a tag may have several parents."""

    id: strawberry.ID
    name: str
    sort_name: str | None
    description: str | None
    aliases = relation(list[str], texts_of("tag_aliases", "alias", "tag_id"))
    ignore_auto_tag: bool
    created_at: Time
    updated_at: Time
    favorite: bool
    image_path: str | None = image_path("tag", "tags", "image_blob")
    scene_count = depth_count(_tagged(SCENES))
    scene_marker_count = depth_count(_tagged(MARKERS))
    image_count = depth_count(_tagged(IMAGES))
    gallery_count = depth_count(_tagged(GALLERIES))
    performer_count = depth_count(_tagged(PERFORMERS))
    studio_count = depth_count(_tagged(STUDIOS_ENTITY))
    group_count = depth_count(_tagged(GROUPS_ENTITY))
    movie_count = depth_count(_tagged(GROUPS_ENTITY), deprecated="Use group_count")
    parents = _relatives("child_id", "parent_id")
    children = _relatives("parent_id", "child_id")
    parent_count = count(lambda owner: counts.tag_relative_count("child_id", "parent_id", owner))
    child_count = count(lambda owner: counts.tag_relative_count("parent_id", "child_id", owner))
    stash_ids = relation(list[StashID], stash_ids_of("tag_stash_ids", "tag_id"))
