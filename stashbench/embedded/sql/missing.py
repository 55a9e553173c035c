"""`is_missing`: which objects lack something, by the name a list page gives it."""

from __future__ import annotations

from collections.abc import Mapping

from stashbench.embedded.sql.scope import Criterion, Handler, Scope
from stashbench.errors import RequestError


def is_missing(
    columns: tuple[str, ...],
    *,
    null_columns: Mapping[str, str] | None = None,
    links: Mapping[str, tuple[str, str, str]] | None = None,
    special: Mapping[str, Handler] | None = None,
) -> Handler:
    """Handler of an `is_missing` name.

    `columns` may be null or blank; `null_columns` maps names to columns that may only be null; `links` maps names to
    (link table, owner column, alias), missing when no row joins; `special` handles the rest. Stash pastes an unknown
    name into the SQL and answers with SQLite's error; here it is refused.
    """

    def handle(scope: Scope, criterion: Criterion) -> None:
        name = str(criterion)
        if name in (special or {}):
            (special or {})[name](scope, criterion)
        elif name in (null_columns or {}):
            scope.require(f"{scope.select.table}.{(null_columns or {})[name]} IS NULL")
        elif name in (links or {}):
            link, owner_column, alias = (links or {})[name]
            on = f"{alias or link}.{owner_column} = {scope.select.id}"
            scope.select.add_join("LEFT", link, on, alias=alias)
            scope.require(f"{alias or link}.{owner_column} IS NULL")
        elif name in columns:
            column = f"{scope.select.table}.{name}"
            scope.require(f"({column} IS NULL OR TRIM({column}) = '')")
        elif name:
            message = f"is_missing knows no {name!r} here"
            raise RequestError(message)

    return handle
