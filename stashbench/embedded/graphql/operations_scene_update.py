"""`sceneUpdate`: one write transaction, then the hooks, then the answer, as in Stash."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import strawberry
from strawberry import UNSET
from strawberry.types import Info

from stashbench.embedded.database import Session
from stashbench.embedded.graphql.find import one
from stashbench.embedded.graphql.rows import Row, request_of
from stashbench.embedded.graphql.scene import Scene
from stashbench.embedded.sql import load
from stashbench.errors import RequestError

# Columns that a field of the input sets as it is.
_COLUMNS = {
    "title": "title",
    "code": "code",
    "details": "details",
    "director": "director",
    "date": "date",
    "rating100": "rating",
    "organized": "organized",
    "studio_id": "studio_id",
    "resume_time": "resume_time",
    "play_duration": "play_duration",
}
# Tables that hold what a list in the input replaces.
_LINKS = {
    "tag_ids": ("scenes_tags", "tag_id"),
    "performer_ids": ("performers_scenes", "performer_id"),
    "gallery_ids": ("scenes_galleries", "gallery_id"),
}


@strawberry.input
class SceneUpdateInput:
    """What to change of a scene; what is absent stays as it is."""

    id: strawberry.ID
    title: str | None = UNSET
    code: str | None = UNSET
    details: str | None = UNSET
    director: str | None = UNSET
    urls: list[str] | None = UNSET
    date: str | None = UNSET
    rating100: int | None = UNSET
    organized: bool | None = UNSET
    studio_id: strawberry.ID | None = UNSET
    gallery_ids: list[strawberry.ID] | None = UNSET
    performer_ids: list[strawberry.ID] | None = UNSET
    tag_ids: list[strawberry.ID] | None = UNSET
    resume_time: float | None = UNSET
    play_duration: float | None = UNSET


def _update(info: Info, input: SceneUpdateInput) -> Row | None:  # noqa: A002 - the API's name
    state = info.context["state"]
    scene_id = int(input.id)
    with state.database.write() as session:
        if session.fetch_one("SELECT scenes.id FROM scenes WHERE scenes.id = ?", (scene_id,)) is None:
            message = f"scene with id {scene_id} not found"
            raise RequestError(message)
        _change_columns(session, scene_id, input)
        for name, (table, column) in _LINKS.items():
            ids = getattr(input, name)
            if ids is not UNSET:
                _replace(session, table, column, scene_id, [int(number) for number in ids or ()])
        if input.urls is not UNSET:
            _replace_urls(session, scene_id, input.urls or [])
    time.sleep(state.faults.hook_seconds)  # hooks run between the commit and the answer
    return one(request_of(info), load.SCENES, str(scene_id))


def _change_columns(session: Session, scene_id: int, given: SceneUpdateInput) -> None:
    """Set the columns that were given, and when it was done."""
    values = {column: getattr(given, name) for name, column in _COLUMNS.items() if getattr(given, name) is not UNSET}
    values["updated_at"] = datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assignments = ",".join(f"`{column}`=?" for column in values)
    session.change(
        f"UPDATE `scenes` SET {assignments} WHERE (`scenes`.`id` = ?)",  # noqa: S608 - names are ours
        (*values.values(), scene_id),
    )


def _replace(session: Session, table: str, column: str, scene_id: int, ids: list[int]) -> None:
    """Link a scene with these objects and no others."""
    session.change(f"DELETE FROM `{table}` WHERE (`scene_id` = ?)", (scene_id,))  # noqa: S608 - names are ours
    for number in dict.fromkeys(ids):
        session.change(
            f"INSERT INTO `{table}` (`scene_id`, `{column}`) VALUES (?, ?)",  # noqa: S608 - names are ours
            (scene_id, number),
        )


def _replace_urls(session: Session, scene_id: int, urls: list[str]) -> None:
    session.change("DELETE FROM `scene_urls` WHERE (`scene_id` = ?)", (scene_id,))
    for position, url in enumerate(urls):
        session.change(
            "INSERT INTO `scene_urls` (`scene_id`, `position`, `url`) VALUES (?, ?, ?)", (scene_id, position, url)
        )


@strawberry.type
class SceneMutations:
    """Mutations of scenes."""

    scene_update = strawberry.mutation(resolver=_update, name="sceneUpdate", graphql_type=Scene | None)
