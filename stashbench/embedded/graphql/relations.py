"""Relations between objects: how they are loaded for a page of rows, with Stash's statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stashbench.embedded.graphql.rows import Relation, Request, Row
from stashbench.embedded.sql import load, lookups
from stashbench.embedded.sql.load import LOADER_BATCH_SIZE, Loading, batches
from stashbench.embedded.sql.select import Statement

IdStatement = Callable[[int], Statement]


def ids_then_objects(loading: Loading, statement: IdStatement) -> Relation:
    """One statement per row for the ids, then one for each hundred objects."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, list[Row]]:
        ids = {row.id: request.column(statement(row.id)) for row in rows}
        objects = request.objects(loading, [number for numbers in ids.values() for number in numbers])
        return {owner: [objects[number] for number in numbers if number in objects] for owner, numbers in ids.items()}

    return relation


def tags_of(link: str, owner_column: str) -> Relation:
    """The tags of each row."""
    return ids_then_objects(load.TAGS, lambda owner: lookups.tag_ids(link, owner_column, owner))


def linked(loading: Loading, link: str, owner_column: str, item_column: str) -> Relation:
    """The objects a link table gives each row."""
    return ids_then_objects(loading, lambda owner: lookups.linked_ids(link, owner_column, item_column, owner))


def referred(loading: Loading, attribute: str) -> Relation:
    """The one object each row names in a column; no statement for the id is needed."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, Row]:
        numbers = {row.id: getattr(row, attribute) for row in rows}
        objects = request.objects(loading, [number for number in numbers.values() if number is not None])
        return {owner: objects[number] for owner, number in numbers.items() if number in objects}

    return relation


def referred_singly(loading: Loading, attribute: str) -> Relation:
    """Like `referred`, but each row reads its own object: relations that Stash loads without a loader."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, Row]:
        found: dict[int, Row] = {}
        for row in rows:
            number = getattr(row, attribute)
            if number is not None:
                statement = loading.where(f"{loading.table}.id = ?", number)
                found.update((row.id, item) for item in request.read(loading, statement))
        return found

    return relation


def owned(loading: Loading, condition: str, order: str = "") -> Relation:
    """All objects for which a condition on the row's id holds, one statement per row."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        for row in rows:
            sql, args = loading.where(condition, row.id)
            found[row.id] = request.read(loading, (f"{sql}{order}", args))
        return found

    return relation


def texts_of(table: str, column: str, owner_column: str) -> Relation:
    """URLs or aliases, one statement per row."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, list[str]]:
        return {row.id: request.column(lookups.listed_values(table, column, owner_column, row.id)) for row in rows}

    return relation


def stash_ids_of(table: str, owner_column: str) -> Relation:
    """Ids in external databases, one statement per row."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, list[Row]]:
        return {
            row.id: [
                Row(endpoint=endpoint, stash_id=stash_id, updated_at=updated_at)
                for endpoint, stash_id, updated_at in request.fetch(*lookups.stash_ids(table, owner_column, row.id))
            ]
            for row in rows
        }

    return relation


def described_groups(own_column: str, other_column: str) -> Relation:
    """Groups above or below each group, with what the relation says of itself."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, list[Row]]:
        pairs = {row.id: request.fetch(*lookups.group_relatives(own_column, other_column, row.id)) for row in rows}
        groups = request.objects(load.GROUPS, [pair[0] for found in pairs.values() for pair in found])
        return {
            owner: [Row(group=groups[number], description=description) for number, description in found]
            for owner, found in pairs.items()
        }

    return relation


def by_batches(rows: Sequence[Row], fetch: Callable[[Sequence[int]], list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """What a statement over many ids returns, a hundred ids at a time."""
    ids = list(dict.fromkeys(row.id for row in rows))
    return [record for batch in batches(ids, LOADER_BATCH_SIZE) for record in fetch(batch)]


def history_numbers(table: str, column: str, statement: Callable[[str, str, Sequence[int]], Statement]) -> Relation:
    """One value of a history table for each scene that has any."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, Any]:
        return dict(by_batches(rows, lambda batch: request.fetch(*statement(table, column, batch))))

    return relation


def history_dates(table: str, column: str) -> Relation:
    """All dates of a history table for each scene that has any, newest first."""

    def relation(request: Request, rows: Sequence[Row]) -> Mapping[int, list[str]]:
        found: defaultdict[int, list[str]] = defaultdict(list)
        statement = lookups.history_dates
        for owner, date in by_batches(rows, lambda batch: request.fetch(*statement(table, column, batch))):
            found[owner].append(date)
        return found

    return relation
