"""Performers."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

import strawberry

from stashbench.embedded.graphql.fields import computed, count, image_path, o_counter, relation
from stashbench.embedded.graphql.references import GROUP, SCENE, TAG
from stashbench.embedded.graphql.relations import by_batches, owned, stash_ids_of, tags_of, texts_of
from stashbench.embedded.graphql.rows import Request, Row
from stashbench.embedded.graphql.scalars import Map, Time
from stashbench.embedded.graphql.stash_id import StashID
from stashbench.embedded.sql import counts, load, lookups
from stashbench.embedded.sql.entity import Entity, filtered
from stashbench.embedded.sql.galleries import GALLERIES
from stashbench.embedded.sql.images import IMAGES
from stashbench.embedded.sql.performers import PERFORMERS
from stashbench.embedded.sql.select import Statement

_URLS = texts_of("performer_urls", "url", "performer_id")
_NO_URL = "Use urls"


@strawberry.enum
class GenderEnum(Enum):
    """Genders as the API names them."""

    MALE = "MALE"
    FEMALE = "FEMALE"
    TRANSGENDER_MALE = "TRANSGENDER_MALE"
    TRANSGENDER_FEMALE = "TRANSGENDER_FEMALE"
    INTERSEX = "INTERSEX"
    NON_BINARY = "NON_BINARY"


@strawberry.enum
class CircumisedEnum(Enum):
    """As the API names (and spells) it."""

    CUT = "CUT"
    UNCUT = "UNCUT"


def _url_with(host: str) -> Callable[[Row], str | None]:
    """The first URL at a host; any for an empty one."""

    def value(row: Row) -> str | None:
        urls = row.siblings.related(_URLS, row, [])
        return next((url for url in urls if host in url), None)

    return value


def _enum(kind: type[Enum], attribute: str) -> Callable[[Row], Enum | None]:
    def value(row: Row) -> Enum | None:
        name = getattr(row, attribute)
        return kind(name) if name in kind.__members__ else None

    return value


def _found_with(entity: Entity, criterion: str) -> Callable[[int], Statement]:
    """Count of what a filter for one performer finds."""
    return lambda owner: counts.filtered_count(entity, criterion, owner, None, lambda _sql, _args: [])


def _partner_count(owner: int) -> Statement:
    value = {"value": [str(owner)], "modifier": "INCLUDES"}
    return filtered(PERFORMERS, {"performers": value}, lambda _sql, _args: []).count_statement()


def _custom_fields(request: Request, rows: Sequence[Row]) -> Mapping[int, dict[str, Any]]:
    found: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for owner, name, value in by_batches(rows, lambda batch: request.fetch(*lookups.custom_fields(batch))):
        found[owner][name] = value.decode() if isinstance(value, bytes) else value
    return found


def _groups(request: Request, rows: Sequence[Row]) -> Mapping[int, list[Row]]:
    loading = load.GROUPS
    joined = (
        f"SELECT DISTINCT {', '.join(loading.columns.values())} FROM groups "
        "INNER JOIN groups_scenes ON groups.id = groups_scenes.group_id "
        "INNER JOIN performers_scenes ON performers_scenes.scene_id = groups_scenes.scene_id "
        "WHERE performers_scenes.performer_id = ?"
    )
    return {row.id: request.read(loading, (joined, (row.id,))) for row in rows}


_SCENES = "scenes.id IN (SELECT performers_scenes.scene_id FROM performers_scenes WHERE performer_id = ?)"


@strawberry.type
class Performer:
    """A person."""

    id: strawberry.ID
    name: str
    disambiguation: str | None
    url = computed(str | None, _url_with(""), deprecated=_NO_URL)
    urls = relation(list[str] | None, _URLS)
    gender = computed(GenderEnum | None, _enum(GenderEnum, "gender"))
    twitter = computed(str | None, _url_with("twitter.com/"), deprecated=_NO_URL)
    instagram = computed(str | None, _url_with("instagram.com/"), deprecated=_NO_URL)
    birthdate: str | None
    ethnicity: str | None
    country: str | None
    eye_color: str | None
    height_cm: int | None
    measurements: str | None
    fake_tits: str | None
    penis_length: float | None
    circumcised = computed(CircumisedEnum | None, _enum(CircumisedEnum, "circumcised"))
    career_length: str | None
    tattoos: str | None
    piercings: str | None
    alias_list = relation(list[str], texts_of("performer_aliases", "alias", "performer_id"))
    favorite: bool
    tags = relation(list[TAG], tags_of("performers_tags", "performer_id"))
    ignore_auto_tag: bool
    image_path: str | None = image_path("performer", "performers", "image_blob")
    scene_count = count(lambda owner: counts.direct_count("performers_scenes", "performer_id", owner))
    image_count = count(_found_with(IMAGES, "performers"))
    gallery_count = count(_found_with(GALLERIES, "performers"))
    group_count = count(counts.performer_group_count)
    movie_count = count(counts.performer_group_count, deprecated="Use group_count")
    performer_count = count(_partner_count)
    o_counter = o_counter("performer")
    scenes = relation(list[SCENE], owned(load.SCENES, _SCENES))
    groups = relation(list[GROUP], _groups)
    stash_ids = relation(list[StashID], stash_ids_of("performer_stash_ids", "performer_id"))
    rating100: int | None
    details: str | None
    death_date: str | None
    hair_color: str | None
    weight: int | None
    created_at: Time
    updated_at: Time
    custom_fields = relation(Map, _custom_fields, default=dict)
