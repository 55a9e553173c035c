"""Performers: their sorts, searched columns and criteria."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql import performer_links, values
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.relations import TAGS, linked_tree
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, count_of, natural
from stashbench.embedded.sql.stash_ids import stash_id_endpoint

_OF_SCENES = "FROM performers_scenes s LEFT JOIN scenes ON scenes.id = s.scene_id"
_HERE = "WHERE s.performer_id = performers.id"
_AGE = (
    "cast(IFNULL(strftime('%Y.%m%d', performers.death_date), strftime('%Y.%m%d', 'now')) "
    "- strftime('%Y.%m%d', performers.birthdate) as int)"
)


def _of_history(aggregate: str, table: str, date_column: str) -> str:
    dates = f"SELECT {date_column} {_OF_SCENES} LEFT JOIN {table} ON {table}.scene_id = scenes.id {_HERE}"
    return f"(SELECT {aggregate} FROM ({dates}))"


_PLAY_COUNT = _of_history("COUNT(DISTINCT view_date)", "scenes_view_dates", "view_date")
_O_COUNTER = (
    "(SELECT SUM(o_counter) FROM (SELECT SUM(o_counter) AS o_counter FROM performers_images s "
    f"LEFT JOIN images ON images.id = s.image_id {_HERE} "
    f"UNION ALL SELECT COUNT(scenes_o_dates.o_date) AS o_counter {_OF_SCENES} "
    f"LEFT JOIN scenes_o_dates ON scenes_o_dates.scene_id = scenes.id {_HERE}))"
)
_DURATION = (
    f"(SELECT COALESCE(SUM(video_files.duration), 0) {_OF_SCENES} "
    "LEFT JOIN scenes_files ON scenes_files.scene_id = scenes.id "
    f"LEFT JOIN video_files ON video_files.file_id = scenes_files.file_id {_HERE})"
)


def _join_search(select: Select) -> None:
    select.add_join("LEFT", "performer_aliases", "performer_aliases.performer_id = performers.id")


_COLUMNS = (
    *("birthdate", "career_length", "created_at", "height", "id", "measurements"),
    *("penis_length", "rating", "updated_at", "weight"),
)

SORTS: dict[str, SortHandler] = {
    **{name: column(f"performers.{name}") for name in _COLUMNS},
    "name": natural("performers.name"),
    "tag_count": count_of("performers_tags", "performer_id"),
    "scenes_count": count_of("performers_scenes", "performer_id"),
    "images_count": count_of("performers_images", "performer_id"),
    "galleries_count": count_of("performers_galleries", "performer_id"),
    "scenes_duration": column(_DURATION),
    "play_count": column(_PLAY_COUNT),
    "o_counter": column(_O_COUNTER),
    "last_played_at": column(_of_history("MAX(view_date)", "scenes_view_dates", "view_date")),
    "last_o_at": column(_of_history("MAX(o_date)", "scenes_o_dates", "o_date")),
}

_TEXTS = (
    *("name", "disambiguation", "details", "ethnicity", "country", "eye_color", "hair_color", "measurements"),
    *("fake_tits", "career_length", "tattoos", "piercings"),
)

PERFORMERS = Entity(
    table="performers",
    tie_break="COALESCE(performers.name, performers.id) COLLATE NATURAL_CI ASC",
    sorts=SORTS,
    search_columns=("performers.name", "performer_aliases.alias"),
    join_search=_join_search,
    default_sort="name",
    criteria={
        **{name: values.text(f"performers.{name}") for name in _TEXTS},
        "aliases": values.listed_text("performer_aliases", "alias", "performer_id"),
        "filter_favorites": values.flag("performers.favorite"),
        "ignore_auto_tag": values.flag("performers.ignore_auto_tag"),
        "gender": values.choice("performers.gender"),
        "circumcised": values.choice("performers.circumcised"),
        "age": values.number(_AGE),
        "birth_year": values.number("cast(strftime('%Y', performers.birthdate) as int)"),
        "death_year": values.number("cast(strftime('%Y', performers.death_date) as int)"),
        "birthdate": values.date("performers.birthdate"),
        "death_date": values.date("performers.death_date"),
        "height_cm": values.number("performers.height"),
        "weight": values.number("performers.weight"),
        "penis_length": values.number("performers.penis_length"),
        "rating100": values.number("performers.rating"),
        "tags": linked_tree(TAGS, "performers_tags", "performer_id", "tag_id", "performer_tag"),
        "tag_count": values.count_of("performers_tags", "performer_id"),
        "scene_count": values.count_of("performers_scenes", "performer_id"),
        "image_count": values.count_of("performers_images", "performer_id"),
        "gallery_count": values.count_of("performers_galleries", "performer_id"),
        "play_count": values.number(_PLAY_COUNT),
        "o_counter": values.number(_O_COUNTER),
        "studios": performer_links.studios,
        "performers": performer_links.performers,
        "groups": performer_links.groups,
        "url": values.listed_text("performer_urls", "url", "performer_id"),
        "stash_id_endpoint": stash_id_endpoint("performer_stash_ids", "performer_id"),
        "is_missing": is_missing(
            (*_TEXTS, "gender", "birthdate", "death_date", "height", "weight", "rating"),
            null_columns={"image": "image_blob"},
            links={
                "url": ("performer_urls", "performer_id", ""),
                "scenes": ("performers_scenes", "performer_id", "scenes_join"),
                "stash_id": ("performer_stash_ids", "performer_id", ""),
                "aliases": ("performer_aliases", "performer_id", ""),
            },
        ),
        "created_at": values.timestamp("performers.created_at"),
        "updated_at": values.timestamp("performers.updated_at"),
    },
)
