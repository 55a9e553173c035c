"""One list query under construction, from which the page of ids and the totals are both rendered."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stashbench.embedded.sql.clause import Clause, Value, arguments_of

Statement = tuple[str, tuple[Value, ...]]


@dataclass
class Select:
    """Joins, conditions and order over one table.

    Joins are kept by alias, so that filter, search and sort share them. Joins that only the sort needs are kept apart:
    v0.30 leaves them out of the totals.
    """

    table: str
    tables_before: dict[str, Clause] = field(default_factory=dict)  # WITH name AS (...)
    is_recursive: bool = False
    joins: dict[str, Clause] = field(default_factory=dict)
    sort_joins: dict[str, Clause] = field(default_factory=dict)
    conditions: list[Clause] = field(default_factory=list)
    group_condition: Clause | None = None
    order: str = ""
    limit: tuple[int, int] | None = None  # rows, rows to skip

    @property
    def id(self) -> str:
        """The id column with its table."""
        return f"{self.table}.id"

    def add_join(self, kind: str, table: str, on: str, *, alias: str = "", args: tuple[Value, ...] = ()) -> None:
        """Join `table` once under its alias; `kind` is LEFT or INNER."""
        name = alias or table
        if name not in self.joins:
            self.joins[name] = join_clause(kind, table, on, alias, args)

    def add_sort_join(self, table: str, on: str, *, alias: str = "") -> None:
        """Left-join `table` for the sort only, unless a filter has joined it already."""
        name = alias or table
        if name not in self.joins and name not in self.sort_joins:
            self.sort_joins[name] = join_clause("LEFT", table, on, alias, ())

    def page_statement(self) -> Statement:
        """The statement for one page of ids, in order."""
        joins = [*self.joins.values(), *self.sort_joins.values()]
        body = self._body(f"SELECT DISTINCT {self.id}", joins)
        tail = f"{body.sql}{self.order}{self._limit()}"
        prefix = self._with()
        return f"{prefix.sql}{tail}", prefix.args + body.args

    def count_statement(self) -> Statement:
        """COUNT(*) over the distinct ids, as all entities but scenes, images and files are counted."""
        prefix = self._with()
        body = self._body(f"SELECT DISTINCT {self.id}", list(self.joins.values()))
        return f"{prefix.sql}SELECT COUNT(*) AS count FROM ({body.sql}) AS temp", prefix.args + body.args

    def totals_statement(self, totals: Sequence[str], columns: Sequence[str], joins: Select) -> Statement:
        """Count and sums over distinct rows of the id and `columns`; `joins` holds what the columns need."""
        prefix = self._with()
        merged = {**self.joins, **{name: join for name, join in joins.joins.items() if name not in self.joins}}
        selected = ", ".join([self.id, *columns])
        body = self._body(f"SELECT DISTINCT {selected}", list(merged.values()))
        return f"{prefix.sql}SELECT {', '.join(totals)} FROM ({body.sql}) AS temp", prefix.args + body.args

    def _with(self) -> Clause:
        if not self.tables_before:
            return Clause("")
        keyword = "WITH RECURSIVE" if self.is_recursive else "WITH"
        tables = self.tables_before.values()
        return Clause(f"{keyword} {', '.join(table.sql for table in tables)} ", arguments_of(tables))

    def _body(self, head: str, joins: Sequence[Clause]) -> Clause:
        parts = [Clause(f"{head} FROM {self.table}"), *joins]
        if self.conditions:
            text = " AND ".join(condition.sql for condition in self.conditions)
            parts.append(Clause(f"WHERE {text}", arguments_of(self.conditions)))
        if self.group_condition is not None:
            parts.append(Clause(f"GROUP BY {self.id} HAVING {self.group_condition.sql}", self.group_condition.args))
        return Clause(" ".join(part.sql for part in parts), arguments_of(parts))

    def _limit(self) -> str:
        return "" if self.limit is None else f" LIMIT {self.limit[0]} OFFSET {self.limit[1]}"


def join_clause(kind: str, table: str, on: str, alias: str, args: tuple[Value, ...]) -> Clause:
    """The text of one join."""
    name = f" AS {alias}" if alias else ""
    return Clause(f"{kind} JOIN {table}{name} ON {on}", args)
