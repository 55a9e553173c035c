"""Counts on cards: one statement for each count of each card, none batched, which is what makes pages slow."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql.entity import Entity, filtered
from stashbench.embedded.sql.scope import Fetch
from stashbench.embedded.sql.select import Statement


def direct_count(link: str, owner_column: str, owner_id: int) -> Statement:
    """The rows of a link table for one object."""
    return f"SELECT COUNT(*) FROM {link} WHERE {link}.{owner_column} = ?", (owner_id,)


def filtered_count(entity: Entity, criterion: str, owner_id: int, depth: int | None, fetch: Fetch) -> Statement:
    """The objects of `entity` that a filter for one id finds; with a depth, below it too (one more statement)."""
    value = {"value": [str(owner_id)], "modifier": "INCLUDES", "depth": depth}
    return filtered(entity, {criterion: value}, fetch).count_statement()


def performer_group_count(performer_id: int) -> Statement:
    """The groups whose scenes one performer is in."""
    return (
        (
            "SELECT COUNT(DISTINCT groups_scenes.group_id) AS count FROM groups_scenes INNER JOIN performers_scenes "
            "ON performers_scenes.scene_id = groups_scenes.scene_id WHERE performers_scenes.performer_id = ?"
        ),
        (performer_id,),
    )


def o_counts(kind: str, owner_id: int) -> tuple[Statement, ...]:
    """Statements whose sum is the O count of one performer, studio or group."""
    scenes = "SELECT COUNT(*) FROM scenes INNER JOIN scenes_o_dates ON scenes.id = scenes_o_dates.scene_id"
    images = "SELECT COALESCE(SUM(o_counter), 0) FROM images"
    if kind == "performer":
        return (
            (
                (
                    f"{scenes} INNER JOIN performers_scenes ON scenes.id = performers_scenes.scene_id "
                    "WHERE performers_scenes.performer_id = ?"
                ),
                (owner_id,),
            ),
            (
                (
                    f"{images} INNER JOIN performers_images ON images.id = performers_images.image_id "
                    "WHERE performers_images.performer_id = ?"
                ),
                (owner_id,),
            ),
        )
    if kind == "studio":
        return (
            (f"{scenes} WHERE scenes.studio_id = ?", (owner_id,)),
            (f"{images} WHERE images.studio_id = ?", (owner_id,)),
        )
    return (
        (
            f"{scenes} INNER JOIN groups_scenes ON scenes.id = groups_scenes.scene_id WHERE groups_scenes.group_id = ?",
            (owner_id,),
        ),
    )


def tag_relative_count(own_column: str, other_column: str, tag_id: int) -> Statement:
    """The tags directly above (`child_id`, `parent_id`) or below (`parent_id`, `child_id`) one tag."""
    return (
        f"SELECT COUNT(*) FROM tags INNER JOIN tags_relations ON tags_relations.{other_column} = tags.id "
        f"WHERE tags_relations.{own_column} = ?"
    ), (tag_id,)
