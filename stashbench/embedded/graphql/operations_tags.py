"""`tagCreate` and `tagDestroy`: one write transaction each, then the hooks, then the answer, as in Stash."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import strawberry
from strawberry.types import Info

from stashbench.embedded.database import Session
from stashbench.embedded.graphql.find import one
from stashbench.embedded.graphql.rows import Row, request_of
from stashbench.embedded.graphql.tag import Tag
from stashbench.embedded.sql import load
from stashbench.errors import RequestError

# Links go with the tag by their foreign keys; a marker keeps its primary tag.
_PRIMARY = "SELECT scene_markers.id FROM scene_markers WHERE scene_markers.primary_tag_id = ? LIMIT 1"


@strawberry.input
class TagCreateInput:
    """A new tag."""

    name: str
    description: str | None = None
    aliases: list[str] | None = None
    ignore_auto_tag: bool | None = None
    favorite: bool | None = None
    sort_name: str | None = None
    parent_ids: list[strawberry.ID] | None = None
    child_ids: list[strawberry.ID] | None = None


@strawberry.input
class TagDestroyInput:
    """Which tag to remove."""

    id: strawberry.ID


def _create(info: Info, input: TagCreateInput) -> Row | None:  # noqa: A002 - the API's name
    state = info.context["state"]
    now = datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with state.database.write() as session:
        _refuse_taken(session, input.name)
        tag_id = session.change(
            "INSERT INTO `tags` (`name`, `sort_name`, `description`, `favorite`, `ignore_auto_tag`, `created_at`, "
            "`updated_at`) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                input.name,
                input.sort_name or None,
                input.description or None,
                int(bool(input.favorite)),
                int(bool(input.ignore_auto_tag)),
                now,
                now,
            ),
        )
        for alias in dict.fromkeys(input.aliases or ()):
            session.change("INSERT INTO `tag_aliases` (`tag_id`, `alias`) VALUES (?, ?)", (tag_id, alias))
        for parent in dict.fromkeys(input.parent_ids or ()):
            _relate(session, int(parent), tag_id)
        for child in dict.fromkeys(input.child_ids or ()):
            _relate(session, tag_id, int(child))
    time.sleep(state.faults.hook_seconds)  # hooks run between the commit and the answer
    return one(request_of(info), load.TAGS, str(tag_id))


def _destroy(info: Info, input: TagDestroyInput) -> bool:  # noqa: A002 - the API's name
    state = info.context["state"]
    tag_id = int(input.id)
    with state.database.write() as session:
        if session.fetch_one("SELECT tags.id FROM tags WHERE tags.id = ?", (tag_id,)) is None:
            message = f"tag with id {tag_id} not found"
            raise RequestError(message)
        if session.fetch_one(_PRIMARY, (tag_id,)) is not None:
            message = "tag used as primary tag in scene markers"
            raise RequestError(message)
        session.change("DELETE FROM `tags` WHERE (`id` = ?)", (tag_id,))
    time.sleep(state.faults.hook_seconds)
    return True


def _refuse_taken(session: Session, name: str) -> None:
    """Refuse a name that a tag has already, as its name or an alias."""
    taken = (
        "SELECT tags.id FROM tags WHERE tags.name = ? COLLATE NOCASE "
        "UNION ALL SELECT tag_aliases.tag_id FROM tag_aliases WHERE tag_aliases.alias = ? COLLATE NOCASE LIMIT 1"
    )
    if session.fetch_one(taken, (name, name)) is not None:
        message = f"tag with name '{name}' already exists"
        raise RequestError(message)


def _relate(session: Session, parent: int, child: int) -> None:
    session.change("INSERT INTO `tags_relations` (`parent_id`, `child_id`) VALUES (?, ?)", (parent, child))


@strawberry.type
class TagMutations:
    """Mutations of tags."""

    tag_create = strawberry.mutation(resolver=_create, name="tagCreate", graphql_type=Tag | None)
    tag_destroy = strawberry.mutation(resolver=_destroy, name="tagDestroy")
