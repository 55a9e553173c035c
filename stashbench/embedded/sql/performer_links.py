"""Criteria on what performers were seen in and with: studios, groups and other performers."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from stashbench.embedded.sql.clause import Clause, marks
from stashbench.embedded.sql.relations import STUDIOS, ids_of, subtree_values
from stashbench.embedded.sql.scope import Criterion, Scope

KINDS = (("scenes", "scene_id"), ("images", "image_id"), ("galleries", "gallery_id"))
"""What performers are linked to: table, and its column in `performers_<table>`."""


def studios(scope: Scope, criterion: Criterion) -> None:
    """Performers of any scene, image or gallery of a studio: a union over three link tables (issue 7222)."""
    select, modifier = scope.select, criterion["modifier"]
    if modifier in {"IS_NULL", "NOT_NULL"}:
        negation = "NOT " if modifier == "NOT_NULL" else ""
        for table, owner_column in KINDS:
            link = f"performers_{table}"
            select.add_join("LEFT", link, f"{link}.performer_id = performers.id")
            select.add_join("LEFT", table, f"{link}.{owner_column} = {table}.id")
        operator = " OR " if negation else " AND "
        scope.require(operator.join(f"{table}.studio_id IS {negation}NULL" for table, _ in KINDS))
    elif modifier in {"INCLUDES", "EXCLUDES"}:
        is_included = "NOT " if modifier == "INCLUDES" else ""
        _require_studio(scope, criterion, "value", ("studio", "performer_studio"), is_included)
        _require_studio(scope, criterion, "excludes", ("exclude_studio", "performer_studio_exclude"), "")


def _require_studio(scope: Scope, criterion: Criterion, ids: str, names: tuple[str, str], negation: str) -> None:
    values, (studio, name) = ids_of(criterion.get(ids)), names
    if not values:
        return
    pairs = subtree_values(scope.fetch, STUDIOS, values, criterion.get("depth"))
    union = " UNION ".join(
        f"SELECT performer_id FROM {table} INNER JOIN performers_{table} ON {table}.id = "
        f"performers_{table}.{owner_column} INNER JOIN {studio} ON {table}.studio_id = {studio}.item_id"
        for table, owner_column in KINDS
    )
    scope.select.tables_before[studio] = Clause(f"{studio}(root_id, item_id) AS ({pairs})")
    scope.select.tables_before[name] = Clause(f"{name} AS ({union})")
    scope.select.add_join("LEFT", name, f"performers.id = {name}.performer_id")
    scope.require(f"{name}.performer_id IS {negation}NULL")


def performers(scope: Scope, criterion: Criterion) -> None:
    """Performers seen together with one of the given ones, or with all of them in one kind of thing."""
    ids = ids_of(criterion.get("value"))
    if not ids:
        return
    select, union = scope.select, []
    for table, owner in KINDS:
        link = f"performers_{table}"
        together = (
            f"SELECT {link}2.performer_id FROM {link} INNER JOIN {link} AS {link}2 ON {link}.{owner} = {link}2.{owner} "
            f"INNER JOIN performer ON {link}.performer_id = performer.id WHERE {link}2.performer_id != performer.id"
        )
        if criterion["modifier"] == "INCLUDES_ALL":
            condition = f"count(distinct {link}.performer_id) IS {len(ids)}"
            together += f" GROUP BY {link}2.performer_id HAVING ({condition})"
        union.append(together)
    pasted = ",".join(f"({number})" for number in ids)
    select.tables_before["performer"] = Clause(f"performer(id) AS (VALUES{pasted})")
    select.tables_before["performer_performers"] = Clause(f"performer_performers AS ({' UNION '.join(union)})")
    select.add_join("INNER", "performer_performers", "performers.id = performer_performers.performer_id")


def groups(scope: Scope, criterion: Criterion) -> None:
    """Performers of any scene of a group. With a depth, only groups that are in another one count (as in v0.30.1)."""
    select, modifier = scope.select, criterion["modifier"]
    if modifier in {"IS_NULL", "NOT_NULL"}:
        select.add_join("LEFT", "performers_scenes", "performers_scenes.performer_id = performers.id")
        select.add_join("LEFT", "groups_scenes", "performers_scenes.scene_id = groups_scenes.scene_id")
        scope.require(f"groups_scenes.group_id IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
        return
    ids = ids_of(criterion.get("value"))
    if not ids or modifier not in {"INCLUDES", "EXCLUDES"}:
        return
    depth = criterion.get("depth") or 0
    if depth:
        name, column = "group_hierarchy", "item_id"
        select.is_recursive = True
        select.tables_before[name] = Clause(
            f"{name} AS (SELECT sub_id AS root_id, sub_id AS item_id, 0 AS depth FROM groups_relations "
            f"WHERE sub_id IN ({marks(len(ids))}) UNION SELECT root_id, sub_id, depth + 1 FROM groups_relations "
            f"INNER JOIN {name} ON item_id = containing_id{f' WHERE depth < {int(depth)}' if depth > 0 else ''})",
            tuple(ids),
        )
    else:
        name, column = "group_values", "id"
        values_text = ", ".join("(?)" for _ in ids)
        select.tables_before[name] = Clause(f"group_values(id) AS (VALUES {values_text})", tuple(ids))
    select.tables_before["performer_group"] = Clause(
        "performer_group AS (SELECT performer_id FROM performers_scenes "
        "INNER JOIN groups_scenes ON performers_scenes.scene_id = groups_scenes.scene_id "
        f"INNER JOIN {name} ON groups_scenes.group_id = {name}.{column})"
    )
    select.add_join("LEFT", "performer_group", "performers.id = performer_group.performer_id")
    scope.require(f"performer_group.performer_id IS {'NOT ' if modifier == 'INCLUDES' else ''}NULL")
