"""Criteria on what lies above or below in the trees of tags and groups."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from collections.abc import Sequence

from stashbench.embedded.sql.clause import Clause, marks
from stashbench.embedded.sql.relations import included_and_excluded
from stashbench.embedded.sql.scope import Criterion, Handler, Scope
from stashbench.embedded.sql.values import group_number
from stashbench.errors import RequestError


def reached(name: str, relation: str, own_column: str, other_column: str, ids: Sequence[int], depth: int) -> Clause:
    """The recursive table of (root, item, depth) from `ids` on; depth 0 is what lies next to them, -1 everything."""
    limit = "" if depth < 0 else f" WHERE depth < {int(depth)}"
    return Clause(
        f"{name} AS (SELECT {other_column} AS root_id, {own_column} AS item_id, 0 AS depth FROM {relation} "
        f"WHERE {other_column} IN ({marks(len(ids))}) UNION SELECT root_id, {own_column}, depth + 1 "
        f"FROM {relation} INNER JOIN {name} ON item_id = {other_column}{limit})",
        tuple(ids),
    )


def relatives(relation: str, alias: str, own_column: str, other_column: str) -> Handler:
    """Handler of a HierarchicalMultiCriterionInput on relatives, `depth` levels further than the next one.

    `own_column` holds the filtered object in the relation, `other_column` the relative.
    """

    def handle(scope: Scope, criterion: Criterion) -> None:
        select, modifier = scope.select, criterion["modifier"]
        if modifier in {"IS_NULL", "NOT_NULL"}:
            select.add_join("LEFT", relation, f"{select.id} = {alias}.{own_column}", alias=alias)
            scope.require(f"{alias}.{own_column} IS {'NOT ' if modifier == 'NOT_NULL' else ''}NULL")
            return
        if modifier not in {"INCLUDES", "INCLUDES_ALL", "EXCLUDES"}:
            message = f"invalid modifier {modifier}"
            raise RequestError(message)
        included, excluded = included_and_excluded(criterion)
        depth = criterion.get("depth") or 0
        if len(included) == 1 and depth == 0 and not excluded:
            select.add_join("INNER", relation, f"{alias}.{own_column} = {select.id}", alias=alias)
            scope.require(f"{alias}.{other_column} = ?", included[0])
            return
        for name, ids, negation in ((alias, included, "NOT "), (f"{alias}2", excluded, "")):
            if ids:
                select.is_recursive = True
                select.tables_before[name] = reached(name, relation, own_column, other_column, ids, depth)
                select.add_join("LEFT", name, f"{name}.item_id = {select.id}")
                scope.require(f"{name}.root_id IS {negation}NULL")
        if included and modifier == "INCLUDES_ALL":
            scope.require_of_group(f"count(distinct {alias}.root_id) IS {len(included)}")

    return handle


def relative_count(relation: str, alias: str, own_column: str, other_column: str) -> Handler:
    """Handler of an IntCriterionInput on the number of relatives next to an object."""

    def join(scope: Scope) -> None:
        scope.select.add_join("LEFT", relation, f"{alias}.{own_column} = {scope.select.id}", alias=alias)

    return group_number(f"count(distinct {alias}.{other_column})", join)
