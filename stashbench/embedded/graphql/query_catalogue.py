"""Queries for performers, tags, studios, groups and markers."""

from __future__ import annotations

import strawberry
from strawberry import UNSET
from strawberry.types import Info

from stashbench.embedded.graphql.criteria import FindFilterType
from stashbench.embedded.graphql.fields import query
from stashbench.embedded.graphql.filters_catalogue import (
    GroupFilterType,
    PerformerFilterType,
    SceneMarkerFilterType,
    StudioFilterType,
    TagFilterType,
)
from stashbench.embedded.graphql.find import Listing, find, one
from stashbench.embedded.graphql.group import Group
from stashbench.embedded.graphql.performer import Performer
from stashbench.embedded.graphql.rows import Row, request_of
from stashbench.embedded.graphql.scene import SceneMarker
from stashbench.embedded.graphql.studio import Studio
from stashbench.embedded.graphql.tag import Tag
from stashbench.embedded.sql import load
from stashbench.embedded.sql.groups import GROUPS_ENTITY
from stashbench.embedded.sql.markers import MARKERS
from stashbench.embedded.sql.performers import PERFORMERS
from stashbench.embedded.sql.studios import STUDIOS_ENTITY
from stashbench.embedded.sql.tags import TAGS_ENTITY

_PERFORMERS = Listing(PERFORMERS, load.PERFORMERS, "performers", "performer")
_TAGS = Listing(TAGS_ENTITY, load.TAGS, "tags", "tag")
_STUDIOS = Listing(STUDIOS_ENTITY, load.STUDIOS, "studios", "studio")
_GROUPS = Listing(GROUPS_ENTITY, load.GROUPS, "groups", "group")
_MARKERS = Listing(MARKERS, load.MARKERS, "scene_markers", "scene marker")
_NONE: frozenset[str] = frozenset()


@strawberry.type
class FindPerformersResultType:
    """A page of performers."""

    count: int
    performers: list[Performer]


@strawberry.type
class FindTagsResultType:
    """A page of tags."""

    count: int
    tags: list[Tag]


@strawberry.type
class FindStudiosResultType:
    """A page of studios."""

    count: int
    studios: list[Studio]


@strawberry.type
class FindGroupsResultType:
    """A page of groups."""

    count: int
    groups: list[Group]


@strawberry.type
class FindSceneMarkersResultType:
    """A page of markers."""

    count: int
    scene_markers: list[SceneMarker]


@strawberry.type
class CatalogueQueries:
    """Queries for what scenes, images and galleries refer to."""

    @query("findPerformers", FindPerformersResultType)
    def find_performers(
        self,
        info: Info,
        performer_filter: PerformerFilterType | None = UNSET,
        filter: FindFilterType | None = UNSET,  # noqa: A002 - the API's argument
        performer_ids: list[int] | None = UNSET,
        ids: list[strawberry.ID] | None = UNSET,
    ) -> Row:
        """Find a page of performers."""
        wanted = ids or performer_ids
        return find(request_of(info), _PERFORMERS, _NONE, filter, performer_filter, wanted)

    @query("findPerformer", Performer | None)
    def find_performer(self, info: Info, id: strawberry.ID) -> Row | None:  # noqa: A002 - the API's argument
        """Find one performer."""
        return one(request_of(info), load.PERFORMERS, id)

    @query("allPerformers", list[Performer])
    def all_performers(self, info: Info) -> list[Row]:
        """Return all performers, which is as slow as it sounds."""
        return request_of(info).read(load.PERFORMERS, load.PERFORMERS.everything("performers.name ASC"))

    @query("findTags", FindTagsResultType)
    def find_tags(
        self,
        info: Info,
        tag_filter: TagFilterType | None = UNSET,
        filter: FindFilterType | None = UNSET,  # noqa: A002 - the API's argument
        ids: list[strawberry.ID] | None = UNSET,
    ) -> Row:
        """Find a page of tags."""
        return find(request_of(info), _TAGS, _NONE, filter, tag_filter, ids)

    @query("findTag", Tag | None)
    def find_tag(self, info: Info, id: strawberry.ID) -> Row | None:  # noqa: A002 - the API's argument
        """Find one tag."""
        return one(request_of(info), load.TAGS, id)

    @query("allTags", list[Tag], deprecated="Use findTags")
    def all_tags(self, info: Info) -> list[Row]:
        """Return all tags."""
        order = "COALESCE(tags.sort_name, tags.name) COLLATE NATURAL_CI ASC, tags.id ASC"
        return request_of(info).read(load.TAGS, load.TAGS.everything(order))

    @query("findStudios", FindStudiosResultType)
    def find_studios(
        self,
        info: Info,
        studio_filter: StudioFilterType | None = UNSET,
        filter: FindFilterType | None = UNSET,  # noqa: A002 - the API's argument
        ids: list[strawberry.ID] | None = UNSET,
    ) -> Row:
        """Find a page of studios."""
        return find(request_of(info), _STUDIOS, _NONE, filter, studio_filter, ids)

    @query("findStudio", Studio | None)
    def find_studio(self, info: Info, id: strawberry.ID) -> Row | None:  # noqa: A002 - the API's argument
        """Find one studio."""
        return one(request_of(info), load.STUDIOS, id)

    @query("allStudios", list[Studio], deprecated="Use findStudios")
    def all_studios(self, info: Info) -> list[Row]:
        """Return all studios."""
        return request_of(info).read(load.STUDIOS, load.STUDIOS.everything("studios.name ASC"))

    @query("findGroups", FindGroupsResultType)
    def find_groups(
        self,
        info: Info,
        group_filter: GroupFilterType | None = UNSET,
        filter: FindFilterType | None = UNSET,  # noqa: A002 - the API's argument
        ids: list[strawberry.ID] | None = UNSET,
    ) -> Row:
        """Find a page of groups."""
        return find(request_of(info), _GROUPS, _NONE, filter, group_filter, ids)

    @query("findGroup", Group | None)
    def find_group(self, info: Info, id: strawberry.ID) -> Row | None:  # noqa: A002 - the API's argument
        """Find one group."""
        return one(request_of(info), load.GROUPS, id)

    @query("findSceneMarkers", FindSceneMarkersResultType)
    def find_scene_markers(
        self,
        info: Info,
        scene_marker_filter: SceneMarkerFilterType | None = UNSET,
        filter: FindFilterType | None = UNSET,  # noqa: A002 - the API's argument
        ids: list[strawberry.ID] | None = UNSET,
    ) -> Row:
        """Find a page of markers."""
        return find(request_of(info), _MARKERS, _NONE, filter, scene_marker_filter, ids)
