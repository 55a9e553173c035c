"""Performers: their sorts, searched columns and criteria."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql import values
from stashbench.embedded.sql.clause import Clause
from stashbench.embedded.sql.entity import Entity
from stashbench.embedded.sql.missing import is_missing
from stashbench.embedded.sql.relations import STUDIOS, TAGS, ids_of, included_and_excluded, linked_tree, subtree_values
from stashbench.embedded.sql.scope import Criterion, Scope
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, column, count_of, natural
from stashbench.embedded.sql.stash_ids import stash_id_endpoint

_KINDS = (("scenes", "scene_id"), ("images", "image_id"), ("galleries", "gallery_id"))
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


def _studios(scope: Scope, criterion: Criterion) -> None:
    """Performers of any scene, image or gallery of a studio: a union over three link tables (issue 7222)."""
    select = scope.select
    if criterion["modifier"] in {"IS_NULL", "NOT_NULL"}:
        negation = "NOT " if criterion["modifier"] == "NOT_NULL" else ""
        for table, owner_column in _KINDS:
            link = f"performers_{table}"
            select.add_join("LEFT", link, f"{link}.performer_id = performers.id")
            select.add_join("LEFT", table, f"{link}.{owner_column} = {table}.id")
        operator = " OR " if negation else " AND "
        scope.require(operator.join(f"{table}.studio_id IS {negation}NULL" for table, _ in _KINDS))
        return
    values_in = ids_of(criterion.get("value"))
    if not values_in:
        return
    pairs = subtree_values(scope.fetch, STUDIOS, values_in, criterion.get("depth"))
    union = " UNION ".join(
        f"SELECT performer_id FROM {table} INNER JOIN performers_{table} ON {table}.id = "
        f"performers_{table}.{owner_column} INNER JOIN studio ON {table}.studio_id = studio.item_id"
        for table, owner_column in _KINDS
    )
    select.tables_before["studio"] = Clause(f"studio(root_id, item_id) AS ({pairs})")
    select.tables_before["performer_studio"] = Clause(f"performer_studio AS ({union})")
    select.add_join("LEFT", "performer_studio", "performers.id = performer_studio.performer_id")
    negation = "" if criterion["modifier"] == "EXCLUDES" else "NOT "
    scope.require(f"performer_studio.performer_id IS {negation}NULL")


def _performers(scope: Scope, criterion: Criterion) -> None:
    """Performers seen together with one of the given ones."""
    ids = ids_of(criterion.get("value"))
    if not ids:
        return
    select = scope.select
    union = " UNION ".join(
        f"SELECT {link}2.performer_id FROM {link} INNER JOIN {link} AS {link}2 ON {link}.{owner} = {link}2.{owner} "
        f"INNER JOIN performer ON {link}.performer_id = performer.id WHERE {link}2.performer_id != performer.id"
        for link, owner in ((f"performers_{table}", owner_column) for table, owner_column in _KINDS)
    )
    pasted = ",".join(f"({number})" for number in ids)
    select.tables_before["performer"] = Clause(f"performer(id) AS (VALUES{pasted})")
    select.tables_before["performer_performers"] = Clause(f"performer_performers AS ({union})")
    select.add_join("INNER", "performer_performers", "performers.id = performer_performers.performer_id")


def _groups(scope: Scope, criterion: Criterion) -> None:
    """Performers of any scene of a group."""
    included, excluded = included_and_excluded(criterion)
    ids = included or excluded
    if not ids:
        return
    select = scope.select
    values_text = ", ".join("(?)" for _ in ids)
    select.tables_before["group_values"] = Clause(f"group_values(id) AS (VALUES {values_text})", tuple(ids))
    select.tables_before["performer_group"] = Clause(
        "performer_group AS (SELECT performer_id FROM performers_scenes "
        "INNER JOIN groups_scenes ON performers_scenes.scene_id = groups_scenes.scene_id "
        "INNER JOIN group_values ON groups_scenes.group_id = group_values.id)"
    )
    select.add_join("LEFT", "performer_group", "performers.id = performer_group.performer_id")
    scope.require(f"performer_group.performer_id IS {'NOT ' if included else ''}NULL")


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
        "studios": _studios,
        "performers": _performers,
        "groups": _groups,
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
