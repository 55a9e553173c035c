"""What a list query must know of an entity, and the query made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stashbench.embedded.sql.find_filter import FindFilter
from stashbench.embedded.sql.scope import Criterion, Fetch, Handler, apply_filter
from stashbench.embedded.sql.search import search_clauses
from stashbench.embedded.sql.select import Select
from stashbench.embedded.sql.sort import SortHandler, order_by


def _joins_nothing(_select: Select) -> None:
    """Most entities are searched in their own columns only."""


@dataclass(frozen=True)
class Entity:
    """Table, sorts, searched columns and criteria of one kind of object.

    `default_sort` is used when the request names none; without one the order is SQLite's.
    """

    table: str
    tie_break: str
    sorts: Mapping[str, SortHandler]
    search_columns: tuple[str, ...]
    criteria: Mapping[str, Handler]
    join_search: Callable[[Select], None] = field(default=_joins_nothing)
    join_always: Callable[[Select], None] = field(default=_joins_nothing)
    default_sort: str = ""


def list_query(
    entity: Entity, find_filter: FindFilter, criteria: Mapping[str, Criterion] | None, fetch: Fetch
) -> Select:
    """The query for a page of `entity`; both the page and its totals are rendered from it."""
    select = Select(entity.table)
    entity.join_always(select)
    if find_filter.q:
        clauses = search_clauses(find_filter.q, entity.search_columns)
        if clauses:
            entity.join_search(select)
            select.conditions.extend(clauses)
    if criteria:
        apply_filter(select, entity.criteria, criteria, fetch)
    sort = find_filter.sort or entity.default_sort
    if sort:
        select.order = order_by(select, entity.sorts, sort, find_filter.direction, entity.tie_break)
    select.limit = find_filter.limit
    return select


def filtered(entity: Entity, criteria: Mapping[str, Criterion], fetch: Fetch) -> Select:
    """The query of a filter alone, without search, order or limit: for counts and inner queries."""
    select = Select(entity.table)
    entity.join_always(select)
    apply_filter(select, entity.criteria, criteria, fetch)
    return select
