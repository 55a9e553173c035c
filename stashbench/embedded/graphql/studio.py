"""Studios."""

from __future__ import annotations

import strawberry

from stashbench.embedded.graphql.fields import DepthCount, computed, depth_count, image_path, optional, relation
from stashbench.embedded.graphql.references import GROUP, STUDIO, TAG
from stashbench.embedded.graphql.relations import (
    ids_then_objects,
    owned,
    referred,
    stash_ids_of,
    tags_of,
    texts_of,
)
from stashbench.embedded.graphql.rows import Row
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


def _first_url(row: Row) -> str | None:
    urls = row.siblings.related(_URLS, row, [])
    return urls[0] if urls else None


def _o_counter(row: Row) -> int:
    request = row.siblings.request
    return sum(request.first_value(statement) for statement in counts.o_counts("studio", row.id))


@strawberry.type
class Studio:
    """A studio, perhaps below another."""

    id: strawberry.ID
    name: str
    url = computed(str | None, _first_url, deprecated="Use urls")
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
    o_counter = computed(int | None, _o_counter)
    groups = relation(list[GROUP], owned(load.GROUPS, "groups.studio_id = ?"))
    stash_ids = relation(list[StashID], stash_ids_of("studio_stash_ids", "studio_id"))
    rating100: int | None
    favorite: bool
    details: str | None
    created_at: Time
    updated_at: Time
