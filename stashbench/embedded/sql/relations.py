"""Criteria on related objects: plain lists of ids, and trees of tags, studios and groups."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stashbench.embedded.sql.clause import Value, marks
from stashbench.embedded.sql.scope import Criterion, Fetch, Handler, Scope
from stashbench.errors import RequestError


@dataclass(frozen=True, slots=True)
class Tree:
    """How one entity nests: its table, and the table and columns that say who lies under whom."""

    table: str
    relation: str
    parent_column: str
    child_column: str


TAGS = Tree("tags", "tags_relations", "parent_id", "child_id")
STUDIOS = Tree("studios", "studios", "parent_id", "id")
GROUPS = Tree("groups", "groups_relations", "containing_id", "sub_id")


def ids_of(values: Sequence[str] | None) -> list[int]:
    """Ids as numbers; a RequestError for what is none. They are pasted into SQL, so this is the guard."""
    ids = []
    for value in values or ():
        try:
            ids.append(int(value))
        except ValueError as error:
            message = f"{value!r} is no id; give the number of an object"
            raise RequestError(message) from error
    return ids


def subtree_values(fetch: Fetch, tree: Tree, ids: Sequence[int], depth: int | None) -> str:
    """A VALUES list of (root, item) for `ids` and what lies under them, `depth` levels down (-1 all, 0 none).

    Below depth 0 a recursive statement finds the pairs and SQLite itself puts the text together.
    """
    if not depth:
        return "VALUES" + ",".join(f"({number},{number})" for number in ids)
    limit = f" WHERE depth < {int(depth)}" if depth > 0 else ""
    statement = (
        f"WITH RECURSIVE items AS (SELECT id AS root_id, id AS item_id, 0 AS depth FROM {tree.table} "
        f"WHERE id IN ({marks(len(ids))}) UNION SELECT p.root_id, c.{tree.child_column}, depth + 1 "
        f"FROM {tree.relation} AS c INNER JOIN items AS p ON c.{tree.parent_column} = p.item_id{limit}) "
        "SELECT 'VALUES' || GROUP_CONCAT('(' || root_id || ', ' || item_id || ')') AS val FROM items"
    )
    rows = fetch(statement, list(ids))
    found: str | None = rows[0][0] if rows else None
    return found or "VALUES" + ",".join(f"({number}, {number})" for number in ids)


def included_and_excluded(criterion: Criterion) -> tuple[list[int], list[int]]:
    """Ids to include and to exclude; with the modifier EXCLUDES, `value` holds more to exclude.

    Modifiers that mean nothing for lists of ids give nothing to include, so they filter nothing, as in Stash.
    """
    values, excludes = ids_of(criterion.get("value")), ids_of(criterion.get("excludes"))
    if criterion["modifier"] == "EXCLUDES":
        return [], [*values, *excludes]
    return values if criterion["modifier"] in {"INCLUDES", "INCLUDES_ALL", "EQUALS"} else [], excludes


def linked_tree(tree: Tree, link: str, owner_column: str, item_column: str, alias: str, owner: str = "") -> Handler:
    """Handler of a HierarchicalMultiCriterionInput over a link table (tags, groups).

    `owner` is the expression the link's owner column must equal, by default the id of the filtered table.
    """

    def joined(letter: str, pairs: str) -> str:
        relation = "j" if letter == "d" else "j2"
        return (
            f"(SELECT {relation}.*, {letter}.column1 AS root_id, {letter}.column2 AS item_id FROM {link} AS {relation} "
            f"INNER JOIN ({pairs}) AS {letter} ON {relation}.{item_column} = {letter}.column2)"
        )

    def handle(scope: Scope, criterion: Criterion) -> None:
        modifier, owner_id = criterion["modifier"], owner or scope.select.id
        if modifier in {"IS_NULL", "NOT_NULL"}:
            scope.select.add_join("LEFT", link, f"{alias}.{owner_column} = {owner_id}", alias=alias)
            scope.require(f"{alias}.{item_column} IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
            return
        values, excludes = included_and_excluded(criterion)
        if modifier == "EQUALS" and criterion.get("depth"):
            message = "depth is not supported for equals modifier in hierarchical multi criterion input"
            raise RequestError(message)
        if values:
            pairs = subtree_values(scope.fetch, tree, values, criterion.get("depth"))
            scope.select.add_join("LEFT", joined("d", pairs), f"{alias}.{owner_column} = {owner_id}", alias=alias)
            scope.require(f"{alias}.root_id IS NOT NULL")
            if modifier in {"INCLUDES_ALL", "EQUALS"}:
                scope.require_of_group(f"count(distinct {alias}.root_id) IS {len(values)}")
            if modifier == "EQUALS":
                total = f"(SELECT COUNT(*) FROM {link} s WHERE s.{owner_column} = {owner_id})"
                scope.require(f"{total} = ?", len(values))
        if excludes:
            pairs = subtree_values(scope.fetch, tree, excludes, criterion.get("depth"))
            other = f"{alias}2"
            scope.select.add_join("LEFT", joined("e", pairs), f"{other}.{owner_column} = {owner_id}", alias=other)
            scope.require(f"{other}.root_id IS NULL")

    return handle


def column_tree(tree: Tree, column: str) -> Handler:
    """Handler of a HierarchicalMultiCriterionInput on a column that names one object (studio)."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        modifier = criterion["modifier"]
        if modifier in {"IS_NULL", "NOT_NULL"}:
            scope.require(f"{column} IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
            return
        values, excludes = included_and_excluded(criterion)
        if values:
            pairs = subtree_values(scope.fetch, tree, values, criterion.get("depth"))
            scope.require(f"{column} IN (SELECT column2 FROM ({pairs}))")
            if modifier in {"INCLUDES_ALL", "EQUALS"}:
                scope.require_of_group(f"count(distinct {column}) IS {len(values)}")
        if excludes:
            pairs = subtree_values(scope.fetch, tree, excludes, criterion.get("depth"))
            scope.require(f"{column} NOT IN (SELECT column2 FROM ({pairs})) OR {column} IS NULL")

    return handle


def linked(link: str, owner_column: str, item_column: str, alias: str, owner: str = "") -> Handler:
    """Handler of a MultiCriterionInput over a link table (performers)."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        modifier, owner_id = criterion["modifier"], owner or scope.select.id
        if modifier in {"IS_NULL", "NOT_NULL"}:
            scope.select.add_join("LEFT", link, f"{alias}.{owner_column} = {owner_id}", alias=alias)
            scope.require(f"{alias}.{item_column} IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
            return
        values, excludes = included_and_excluded(criterion)
        if values:
            scope.select.add_join("LEFT", link, f"{alias}.{owner_column} = {owner_id}", alias=alias)
            condition, args = f"{alias}.{item_column} IN ({marks(len(values))})", tuple[Value, ...](values)
            if modifier in {"INCLUDES_ALL", "EQUALS"}:
                scope.require_of_group(f"count(distinct {alias}.{item_column}) IS {len(values)}")
            if modifier == "EQUALS":
                condition += f" AND (SELECT COUNT(*) FROM {link} s WHERE s.{owner_column} = {owner_id}) = ?"
                args = (*args, len(values))
            scope.require(condition, *args)
        if excludes:
            scope.require(_not_linked(link, owner_column, item_column, owner_id, len(excludes)), *excludes)

    return handle


def linked_through(table: str, link: str, owner_column: str, item_column: str, kind: str = "LEFT") -> Handler:
    """Handler of a MultiCriterionInput that joins the other table too (galleries, scenes).

    Stash's older code: it knows no EQUALS and looks at `excludes` never.
    """

    def handle(scope: Scope, criterion: Criterion) -> None:
        select, modifier = scope.select, criterion["modifier"]
        on = f"{link}.{owner_column} = {select.id}"
        if modifier in {"IS_NULL", "NOT_NULL"}:
            select.add_join("LEFT", link, on)
            scope.require(f"{link}.{item_column} IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
            return
        values = ids_of(criterion.get("value"))
        if not values or modifier not in {"INCLUDES", "INCLUDES_ALL", "EXCLUDES"}:
            return
        if modifier != "EXCLUDES" or kind == "LEFT":
            select.add_join(kind, link, on)
            select.add_join(kind, table, f"{link}.{item_column} = {table}.id")
        if modifier == "EXCLUDES":
            scope.require(_not_linked(link, owner_column, item_column, select.id, len(values)), *values)
            return
        scope.require(f"{link}.{item_column} IN ({marks(len(values))})", *values)
        if modifier == "INCLUDES_ALL":
            scope.require_of_group(f"count(distinct {link}.{item_column}) IS {len(values)}")

    return handle


def _not_linked(link: str, owner_column: str, item_column: str, owner_id: str, count: int) -> str:
    owners = f"SELECT {link}.{owner_column} FROM {link} WHERE {link}.{item_column} IN ({marks(count)})"
    return f"{owner_id} NOT IN ({owners})"
