"""Rows of the database as resolvers see them, and the request they were loaded for.

Stash resolves the fields of all rows of a page at once and gathers what they ask for in loaders. Here execution is
sequential, so rows that were loaded together stay together as `Siblings`: the first row that is asked for a relation
loads it for all. The statements are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from stashbench.embedded.sql.load import LOADER_BATCH_SIZE, Loading, batches
from stashbench.embedded.sql.select import Statement

if TYPE_CHECKING:
    from strawberry.types import Info

    from stashbench.embedded.state import ServerState

_YEAR, _MONTH = 4, 7  # digits of a date of which only the year or the month is known
_DATE_LENGTHS = {1: _MONTH, 2: _YEAR}


class Row:
    """One object: attributes are its columns under the API's names, and `siblings`."""

    siblings: Siblings

    def __init__(self, **attributes: Any) -> None:
        self.__dict__ = attributes

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...


Relation = Callable[["Request", Sequence[Row]], Mapping[int, Any]]
"""Loads one relation for many rows; the result is by row id."""


class Siblings:
    """Rows loaded together, and the relations loaded for them so far."""

    __slots__ = ("_loaded", "request", "rows")

    def __init__(self, request: Request, rows: list[Row]) -> None:
        self.request = request
        self.rows = rows
        self._loaded: dict[Relation, Mapping[int, Any]] = {}

    def related(self, relation: Relation, row: Row, default: Any = None) -> Any:
        """What belongs to `row`; the first question answers it for all siblings."""
        found = self._loaded.get(relation)
        if found is None:
            found = self._loaded[relation] = relation(self.request, self.rows)
        return found.get(row.id, default)


class Request:
    """One GraphQL request: its server, and the objects already loaded by relations."""

    def __init__(self, state: ServerState, base_url: str = "") -> None:
        self.state = state
        self.base_url = base_url
        self._objects: dict[str, dict[int, Row]] = {}
        self.files: dict[tuple[int, str], Row] = {}  # by id and type name

    def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement; its logged time covers the rows."""
        with self.state.database.read() as session:
            return session.fetch(sql, args)

    def first_value(self, statement: Statement) -> Any:
        """The first value of the first row of a statement that always has one."""
        return self.fetch(*statement)[0][0]

    def column(self, statement: Statement) -> list[Any]:
        """The first value of each row."""
        return [row[0] for row in self.fetch(*statement)]

    def read(self, loading: Loading, statement: Statement) -> list[Row]:
        """Read whole objects with one statement; they become siblings."""
        with self.state.database.read() as session:
            return self.rows(loading, session.query(*statement))

    def rows(self, loading: Loading, records: Iterable[Sequence[Any]]) -> list[Row]:
        """Make objects of what a statement of `loading` returned; they become siblings."""
        attributes, texts, dates = loading.attributes, loading.texts, loading.dates
        rows: list[Row] = []
        siblings = Siblings(self, rows)
        for record in records:
            values = dict(zip(attributes, record, strict=True))
            for name in texts:
                values[name] = values[name] or ""
            for name in dates:
                if values[name] is not None:
                    values[name] = values[name][: _DATE_LENGTHS.get(values[f"{name}_precision"])]
            rows.append(Row(**values, siblings=siblings))
        return rows

    def objects(self, loading: Loading, ids: Iterable[int]) -> dict[int, Row]:
        """Objects by id, each read once per request, in batches as small as those of Stash's loaders."""
        known = self._objects.setdefault(loading.table, {})
        wanted = list(dict.fromkeys(ids))
        missing = [number for number in wanted if number not in known]
        for batch in batches(missing, LOADER_BATCH_SIZE):
            known.update((row.id, row) for row in self.read(loading, loading.by_ids(batch)))
        return {number: known[number] for number in wanted if number in known}


def request_of(info: Info) -> Request:
    """The request a resolver works for; made when the first resolver asks."""
    context = info.context
    request: Request | None = context.get("request_rows")
    if request is None:
        state = context["state"]
        base_url = context.get("base_url") or getattr(state, "base_url", None) or ""
        request = context["request_rows"] = Request(state, base_url.rstrip("/"))
    return request
