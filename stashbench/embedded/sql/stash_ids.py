"""Criterion on identifiers of external databases (stash-box)."""

from __future__ import annotations

from stashbench.embedded.sql.scope import Criterion, Handler, Scope
from stashbench.embedded.sql.values import text_condition


def stash_id_endpoint(table: str, owner_column: str) -> Handler:
    """Handler of a StashIDCriterionInput; with an endpoint, only ids of that endpoint count."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        on = f"{table}.{owner_column} = {scope.select.id}"
        endpoint = criterion.get("endpoint")
        if endpoint:
            scope.select.add_join("LEFT", table, f"{on} AND {table}.endpoint = ?", args=(endpoint,))
        else:
            scope.select.add_join("LEFT", table, on)
        value = {"modifier": criterion["modifier"], "value": criterion.get("stash_id") or ""}
        scope.where.append(text_condition(f"{table}.stash_id", value))

    return handle
