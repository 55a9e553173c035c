"""Small statements that resolve one relation: ids per parent (never batched by Stash), or values for many parents."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from collections.abc import Sequence

from stashbench.embedded.sql.clause import marks
from stashbench.embedded.sql.select import Statement

_TAG_ORDER = "ORDER BY COALESCE(tags.sort_name, tags.name) COLLATE NATURAL_CI ASC"


def tag_ids(link: str, owner_column: str, owner_id: int) -> Statement:
    """Tags of one object, in the order of their names."""
    return (
        (
            f"SELECT {link}.tag_id AS id FROM {link} INNER JOIN tags ON tags.id = {link}.tag_id "
            f"WHERE {link}.{owner_column} = ? {_TAG_ORDER}"
        ),
        (owner_id,),
    )


def tag_relative_ids(own_column: str, other_column: str, tag_id: int) -> Statement:
    """Tags directly above (`child_id`, `parent_id`) or below (`parent_id`, `child_id`) one tag."""
    return (
        (
            f"SELECT tags_relations.{other_column} FROM tags_relations INNER JOIN tags "
            f"ON tags.id = tags_relations.{other_column} WHERE tags_relations.{own_column} = ? {_TAG_ORDER}"
        ),
        (tag_id,),
    )


def linked_ids(link: str, owner_column: str, item_column: str, owner_id: int) -> Statement:
    """Ids linked to one object, in SQLite's order."""
    return f"SELECT {link}.{item_column} AS id FROM {link} WHERE {link}.{owner_column} = ?", (owner_id,)


def file_links(owner: str, owner_column: str, ids: Sequence[int]) -> Statement:
    """(owner, file, whether it is the primary one) of many owners."""
    return (
        (
            f'SELECT {owner_column} AS id, file_id, "primary" FROM {owner}_files '
            f"WHERE {owner_column} IN ({marks(len(ids))})"
        ),
        tuple(ids),
    )


def listed_values(table: str, column: str, owner_column: str, owner_id: int) -> Statement:
    """URLs or aliases of one object; URLs have a position."""
    order = f" ORDER BY {table}.position ASC" if column == "url" else ""
    return f"SELECT {table}.{column} FROM {table} WHERE {table}.{owner_column} = ?{order}", (owner_id,)


def stash_ids(table: str, owner_column: str, owner_id: int) -> Statement:
    """(endpoint, id, time) of one object in external databases."""
    return f"SELECT endpoint, stash_id, updated_at FROM {table} WHERE {owner_column} = ?", (owner_id,)


def has_image(table: str, column: str, owner_id: int) -> Statement:
    """Whether one object has an image of its own (1) or gets the default (0)."""
    inner = f"SELECT {column} FROM {table} WHERE id = ? AND {column} IS NOT NULL LIMIT 1"
    return f"SELECT COUNT(*) AS count FROM ({inner})", (owner_id,)


def history_counts(table: str, column: str, scene_ids: Sequence[int]) -> Statement:
    """(scene, number of plays or Os) of many scenes; scenes without any have no row."""
    return (
        (
            f"SELECT {table}.scene_id, COUNT({table}.{column}) FROM {table} "
            f"WHERE {table}.scene_id IN ({marks(len(scene_ids))}) GROUP BY {table}.scene_id"
        ),
        tuple(scene_ids),
    )


def history_latest(table: str, column: str, scene_ids: Sequence[int]) -> Statement:
    """(scene, last date) of many scenes."""
    return (
        (
            f"SELECT {table}.scene_id, MAX({table}.{column}) FROM {table} "
            f"WHERE {table}.scene_id IN ({marks(len(scene_ids))}) GROUP BY {table}.scene_id"
        ),
        tuple(scene_ids),
    )


def history_dates(table: str, column: str, scene_ids: Sequence[int]) -> Statement:
    """(scene, date) of many scenes, newest first."""
    return (
        (
            f"SELECT {table}.scene_id, {table}.{column} FROM {table} "
            f"WHERE {table}.scene_id IN ({marks(len(scene_ids))}) ORDER BY {table}.{column} DESC"
        ),
        tuple(scene_ids),
    )


def captions(file_id: int) -> Statement:
    """(language, file name, type) of the captions of one video file."""
    return "SELECT language_code, filename, caption_type FROM video_captions WHERE file_id = ?", (file_id,)


def scene_groups(scene_id: int) -> Statement:
    """(group, position in it) of one scene."""
    return "SELECT group_id, scene_index FROM groups_scenes WHERE scene_id = ?", (scene_id,)


def group_relatives(own_column: str, other_column: str, group_id: int) -> Statement:
    """(group, description) directly above or below one group, in their order."""
    return (
        (
            f"SELECT groups_relations.{other_column}, groups_relations.description FROM groups_relations "
            f"WHERE groups_relations.{own_column} = ? ORDER BY groups_relations.order_index ASC"
        ),
        (group_id,),
    )


def child_studio_ids(studio_id: int) -> Statement:
    """Studios directly below one studio."""
    return "SELECT studios.id FROM studios WHERE studios.parent_id = ?", (studio_id,)


def marker_tag_ids(marker_id: int) -> Statement:
    """Further tags of one marker, in the order of their names."""
    return (
        (
            "SELECT tags.id FROM tags LEFT JOIN scene_markers_tags AS scene_markers_join "
            "ON scene_markers_join.tag_id = tags.id WHERE scene_markers_join.scene_marker_id = ? "
            "GROUP BY tags.id ORDER BY tags.name COLLATE NATURAL_CI ASC"
        ),
        (marker_id,),
    )


def custom_fields(performer_ids: Sequence[int]) -> Statement:
    """(performer, field, value) of many performers."""
    return (
        (
            "SELECT performer_custom_fields.performer_id AS id, field, value FROM performer_custom_fields "
            f"WHERE performer_custom_fields.performer_id IN ({marks(len(performer_ids))})"
        ),
        tuple(performer_ids),
    )


def gallery_cover_id(gallery_id: int) -> Statement:
    """The image chosen as the cover of one gallery."""
    return (
        (
            "SELECT images.id FROM images INNER JOIN galleries_images ON images.id = galleries_images.image_id "
            "WHERE galleries_images.gallery_id = ? AND galleries_images.cover = 1"
        ),
        (gallery_id,),
    )
