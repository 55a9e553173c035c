"""The steps of every list query: totals, ids of the page, objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from strawberry import UNSET

from stashbench.embedded.graphql.criteria import FindFilterType, SortDirectionEnum, plain
from stashbench.embedded.graphql.rows import Request, Row, Siblings
from stashbench.embedded.sql.entity import Entity, list_query
from stashbench.embedded.sql.find_filter import DEFAULT_PAGE_SIZE, FindFilter
from stashbench.embedded.sql.load import BATCH_SIZE, Loading, batches
from stashbench.embedded.sql.relations import ids_of
from stashbench.embedded.sql.totals import Total, totals_statement
from stashbench.errors import RequestError


@dataclass(frozen=True)
class Listing:
    """One kind of list: the entity, how its objects are loaded, the name of the list in the answer, its totals.

    Lists with totals run their aggregate only if a total is selected; the others count always. `noun` is for errors.
    """

    entity: Entity
    loading: Loading
    name: str
    noun: str
    totals: dict[str, Total] | None = None


def find(
    request: Request,
    listing: Listing,
    selected: frozenset[str],
    find_filter: FindFilterType | None,
    criteria: Any,
    ids: Sequence[str | int] | None = None,
) -> Row:
    """One page with its totals, as the answer's fields; `ids` instead of a filter gives just those objects."""
    if ids:  # an empty list is like none, as in Stash
        rows = named(request, listing, ids)
        return Row(count=len(rows), **{listing.name: rows})
    with request.state.database.read() as session:
        query = list_query(listing.entity, _find_filter(find_filter), plain(criteria or None), session.fetch)
        numbers: dict[str, Any] = {}
        if listing.totals is None:
            numbers["count"] = session.fetch(*query.count_statement())[0][0]
        elif "count" in selected or not selected.isdisjoint(listing.totals):
            statement, names = totals_statement(query, listing.totals, selected)
            numbers = {name: value or 0 for name, value in zip(names, session.fetch(*statement)[0], strict=True)}
        page = [row[0] for row in session.fetch(*query.page_statement())]
    return Row(**numbers, **{listing.name: load_page(request, listing.loading, page)})


def load_page(request: Request, loading: Loading, ids: Sequence[int]) -> list[Row]:
    """Objects in the order of `ids`, read a thousand at a time; all of them are siblings."""
    with request.state.database.read() as session:
        records = [record for batch in batches(ids, BATCH_SIZE) for record in session.query(*loading.by_ids(batch))]
    return ordered(request.rows(loading, records), ids)


def ordered(rows: Iterable[Row], ids: Sequence[int]) -> list[Row]:
    """Rows in the order of `ids`; they stay siblings."""
    by_id = {row.id: row for row in rows}
    found = [by_id[number] for number in ids if number in by_id]
    if found:
        siblings: Siblings = found[0].siblings
        siblings.rows[:] = found
    return found


def named(request: Request, listing: Listing, ids: Sequence[str | int]) -> list[Row]:
    """The objects of these ids; a RequestError names one that does not exist."""
    numbers = ids_of([str(number) for number in ids])
    rows = load_page(request, listing.loading, numbers)
    known = {row.id for row in rows}
    for number in numbers:
        if number not in known:
            message = f"{listing.noun} with id {number} not found"
            raise RequestError(message)
    return rows


def one(request: Request, loading: Loading, id_text: str) -> Row | None:
    """One object by its id, or None."""
    rows = request.read(loading, loading.where(f"{loading.table}.id = ?", ids_of([id_text])[0]))
    return rows[0] if rows else None


def _find_filter(given: FindFilterType | None) -> FindFilter:
    if not given:
        return FindFilter()
    return FindFilter(
        q=given.q or "",
        page=given.page or 1,
        per_page=DEFAULT_PAGE_SIZE if given.per_page is None or given.per_page is UNSET else given.per_page,
        sort=given.sort or "",
        is_descending=given.direction is SortDirectionEnum.DESC,
    )
