"""The schema: all queries, mutations and subscriptions of this server put together."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig

from stashbench.embedded.graphql.configuration import ConfigurationQueries
from stashbench.embedded.graphql.file import BasicFile, GalleryFile, ImageFile, VideoFile
from stashbench.embedded.graphql.operations_jobs import JobMutations, JobQueries, JobSubscriptions
from stashbench.embedded.graphql.operations_logs import LogQueries, LogSubscriptions
from stashbench.embedded.graphql.operations_scene_update import SceneMutations
from stashbench.embedded.graphql.operations_tags import TagMutations
from stashbench.embedded.graphql.query_catalogue import CatalogueQueries
from stashbench.embedded.graphql.query_media import MediaQueries
from stashbench.embedded.graphql.query_system import SystemQueries
from stashbench.embedded.graphql.scalars import SCALARS


@strawberry.type
class Query(MediaQueries, CatalogueQueries, SystemQueries, ConfigurationQueries, JobQueries, LogQueries):
    """Everything that can be asked."""


@strawberry.type
class Mutation(JobMutations, SceneMutations, TagMutations):
    """Everything that can be changed."""


@strawberry.type
class Subscription(JobSubscriptions, LogSubscriptions):
    """Everything that can be watched."""


def build_schema() -> strawberry.Schema:
    """Build the schema; names are the API's own, so nothing is converted."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[VideoFile, ImageFile, GalleryFile, BasicFile],
        config=StrawberryConfig(auto_camel_case=False, scalar_map=SCALARS),
    )
