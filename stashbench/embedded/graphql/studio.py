"""Studios."""

from __future__ import annotations

import strawberry

from stashbench.embedded.graphql.fields import (
    DepthCount,
    computed,
    depth_count,
    first_of,
    image_path,
    o_counter,
    optional,
    relation,
)
from stashbench.embedded.graphql.references import GROUP, STUDIO, TAG
from stashbench.embedded.graphql.relations import (
    ids_then_objects,
    owned,
    referred,
    stash_ids_of,
    tags_of,
    texts_of,
)
from stashbench.embedded.graphql.scalars import Time
from stashbench.embedded.graphql.stash_id import StashID
from stashbench.embedded.sql import counts, load, lookups
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.galleries import GALLERIES
from stashbench.embedded.sql.groups import GROUPS_ENTITY
from stashbench.embedded.sql.images import IMAGES
from stashbench.embedded.sql.performers import PERFORMERS
from stashbench.embedded.sql.scenes import SCENES
from stashbench.embedded.sql.scope import Fetch
from stashbench.embedded.sql.select import Statement

_URLS = texts_of("studio_urls", "url", "studio_id")


def _of_studio(entity: Entity) -> DepthCount:
    """Count of the objects a filter for one studio finds."""

    def statement(owner: int, depth: int | None, fetch: Fetch) -> Statement:
        return counts.filtered_count(entity, "studios", owner, depth, fetch)

    return statement


@strawberry.type
class Studio:
    """A studio, perhaps below another."""

    id: strawberry.ID
    name: str
    url = computed(str | None, first_of(_URLS), deprecated="Use urls")
    urls = relation(list[str], _URLS)
    parent_studio = optional(STUDIO | None, referred(load.STUDIOS, "parent_id"))
    child_studios = relation(list[STUDIO], ids_then_objects(load.STUDIOS, lookups.child_studio_ids))
    aliases = relation(list[str], texts_of("studio_aliases", "alias", "studio_id"))
    tags = relation(list[TAG], tags_of("studios_tags", "studio_id"))
    ignore_auto_tag: bool
    image_path: str | None = image_path("studio", "studios", "image_blob")
    scene_count = depth_count(_of_studio(SCENES))
    image_count = depth_count(_of_studio(IMAGES))
    gallery_count = depth_count(_of_studio(GALLERIES))
    performer_count = depth_count(_of_studio(PERFORMERS))
    group_count = depth_count(_of_studio(GROUPS_ENTITY))
    movie_count = depth_count(_of_studio(GROUPS_ENTITY), deprecated="Use group_count")
    o_counter = o_counter("studio")
    groups = relation(list[GROUP], owned(load.GROUPS, "groups.studio_id = ?"))
    stash_ids = relation(list[StashID], stash_ids_of("studio_stash_ids", "studio_id"))
    rating100: int | None
    favorite: bool
    details: str | None
    created_at: Time
    updated_at: Time
