"""Ids of objects in external databases (stash-box)."""

from __future__ import annotations

import strawberry

from stashbench.embedded.graphql.scalars import Time


@strawberry.type
class StashID:
    """An id at one endpoint."""

    endpoint: str
    stash_id: str
    updated_at: Time
