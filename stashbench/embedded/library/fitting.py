"""Fits the generator's steps to the tables and columns of a given database, whatever release made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from stashbench.embedded.library.calendar import SOME_DAY
from stashbench.embedded.library.layout import Column, Layout, Table
from stashbench.embedded.library.moved import MOVED, Moved, with_value
from stashbench.embedded.library.passes import Pass, Rows
from stashbench.embedded.library.plan import Plan
from stashbench.embedded.library.steps import PASSES
from stashbench.errors import LibraryError

_FORMER_TABLES = {
    "groups": "movies",
    "groups_scenes": "movies_scenes",
    "groups_tags": "movies_tags",
    "group_urls": "movie_urls",
}
_FORMER_COLUMNS = {
    ("groups", "description"): "synopsis",
    ("groups_scenes", "group_id"): "movie_id",
    ("groups_tags", "group_id"): "movie_id",
    ("group_urls", "group_id"): "movie_id",
}
_LATER_TABLES = frozenset(
    (
        "gallery_urls",
        "group_urls",
        "groups_relations",
        "groups_tags",
        "image_urls",
        "performer_custom_fields",
        "performer_urls",
        "scenes_o_dates",
        "scenes_view_dates",
        "studio_urls",
        "studios_tags",
        "tag_stash_ids",
    )
)
"""Tables that the oldest schema served does not have; any other one must be there."""
_NOT_ALWAYS_UNIQUE = {"groups": "name"}
"""Names of which the generator makes some twice, and some releases admit each only once."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The steps for one layout; `left_out` names the columns and tables for which it has no place."""

    passes: tuple[Pass, ...]
    left_out: tuple[str, ...]


def fit(layout: Layout) -> Fitted:
    """Fit all steps.

    Raises:
        LibraryError: a table that every release had is missing, or a column demands what we do not know.
    """
    passes: list[Pass] = []
    left_out: list[str] = []
    for step in PASSES:
        name = _present(layout, step.table)
        if name is not None:
            passes.append(_fit_one(step, name, layout.tables[name], left_out))
        elif step.table in _LATER_TABLES:
            left_out.append(step.table)
        else:
            message = f"the database has no table {step.table}, which a Stash library needs; a stashbench that knows "
            message += "this release of Stash may be able to fill it"
            raise LibraryError(message)
    kept = {
        moved.source
        for (owner, column), moved in MOVED.items()
        if (name := _present(layout, owner)) and column in layout.tables[name].names
    }
    return Fitted(tuple(passes), tuple(item for item in left_out if item.partition(".")[0] not in kept))


def table_names() -> frozenset[str]:
    """Give the names of all tables that the generator fills, today's and former ones."""
    return frozenset(step.table for step in PASSES) | frozenset(_FORMER_TABLES.values())


def _present(layout: Layout, table: str) -> str | None:
    """Give the name under which the database has a table, or None."""
    former = _FORMER_TABLES.get(table)
    return table if table in layout.tables else former if former in layout.tables else None


def _fit_one(step: Pass, name: str, table: Table, left_out: list[str]) -> Pass:
    ours = [column.strip().strip('"') for column in step.columns.split(",")]
    places, columns = [], []
    for place, column in enumerate(ours):
        former = _FORMER_COLUMNS.get((step.table, column))
        present = column if column in table.names else former if former in table.names else None
        if present is not None:
            places.append(place)
            columns.append(present)
        else:
            left_out.append(f"{step.table}.{column}")
    extras = [
        (column, moved)
        for (owner, column), moved in MOVED.items()
        if owner == step.table and column in table.names and column not in columns
    ]
    constants = [
        (column.name, _fitting_value(name, table, column))
        for column in table.columns
        if column.is_required and column.name not in columns and column.name not in {extra for extra, _ in extras}
    ]
    unique = _NOT_ALWAYS_UNIQUE.get(step.table)
    rows = _rows(
        step.rows,
        places if len(places) < len(ours) else None,
        [moved for _, moved in extras],
        tuple(value for _, value in constants),
        ours.index(unique) if unique and (unique,) in table.unique else None,
    )
    quoted = (f'"{column}"' for column in (*columns, *(column for column, _ in (*extras, *constants))))
    return Pass(name, ", ".join(quoted), rows, step.rows_per_scene)


def _rows(
    source: Callable[[Plan], Rows],
    places: list[int] | None,
    extras: list[Moved],
    constants: tuple[Any, ...],
    unique_place: int | None,
) -> Callable[[Plan], Rows]:
    """Chain what the rows of one step need; most steps need nothing and keep their speed."""

    def make(plan: Plan) -> Rows:
        rows = source(plan)
        if unique_place is not None:
            rows = _told_apart(rows, unique_place)
        if places is not None:
            pick = itemgetter(*places)
            rows = map(pick, rows) if len(places) > 1 else ((pick(row),) for row in rows)
        for moved in extras:
            rows = with_value(rows, moved, plan)
        return (row + constants for row in rows) if constants else rows

    return make


def _told_apart(rows: Rows, place: int) -> Iterator[tuple[Any, ...]]:
    """Write the id behind each text that was there before."""
    seen: set[str] = set()
    for row in rows:
        text = row[place]
        if text in seen:
            yield (*row[:place], f"{text} ({row[0]})", *row[place + 1 :])
        else:
            seen.add(text)
            yield row


def _fitting_value(table_name: str, table: Table, column: Column) -> Any:
    """Give a value that says "nothing" in a column that must have one and that we do not know.

    Raises:
        LibraryError: the value would have to be another row's key, or different in each row.
    """
    if column.name in table.references or (column.name,) in table.unique:
        message = f"the column {column.name} of {table_name} needs a value of its own in each row, and this stashbench "
        message += "does not know which; a newer stashbench may be able to fill this release's database"
        raise LibraryError(message)
    declared = column.declared_type.upper()
    if "DATETIME" in declared or "TIMESTAMP" in declared:
        return SOME_DAY
    if "DATE" in declared:
        return SOME_DAY[:10]
    if "INT" in declared or "BOOL" in declared:
        return 0
    if any(word in declared for word in ("REAL", "FLOA", "DOUB", "NUM", "DEC")):
        return 0.0
    return b"" if "BLOB" in declared else ""
