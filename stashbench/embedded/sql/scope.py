"""Filters: criteria of one input object become conditions on one `Select`; AND, OR and NOT nest them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stashbench.embedded.sql.clause import Clause, Value, conjunction
from stashbench.embedded.sql.select import Select
from stashbench.errors import RequestError

Fetch = Callable[[str, Sequence[Value]], list[tuple[Any, ...]]]
Criterion = Any  # a mapping of the input's fields, a bool, a string or a list, as the input type says
Handler = Callable[["Scope", Criterion], None]

_OPERATORS = {"AND": " AND ", "OR": " OR ", "NOT": " AND NOT "}


@dataclass
class Scope:
    """What a handler works on: the query, the conditions of its own level and a way to ask the database."""

    select: Select
    fetch: Fetch
    where: list[Clause] = field(default_factory=list)
    having: list[Clause] = field(default_factory=list)

    def require(self, sql: str, *args: Value) -> None:
        """Demand that a condition holds."""
        self.where.append(Clause(sql, args))

    def require_of_group(self, sql: str, *args: Value) -> None:
        """Demand that an aggregate condition holds."""
        self.having.append(Clause(sql, args))


def apply_filter(
    select: Select, handlers: Mapping[str, Handler], criteria: Mapping[str, Criterion], fetch: Fetch
) -> None:
    """Add all `criteria` to `select`; a RequestError names what cannot be combined or is not understood."""
    where, having = _conditions(select, handlers, criteria, fetch)
    if where is not None:
        select.conditions.append(where)
    select.group_condition = having


def _conditions(
    select: Select, handlers: Mapping[str, Handler], criteria: Mapping[str, Criterion], fetch: Fetch
) -> tuple[Clause | None, Clause | None]:
    operators = [name for name in _OPERATORS if criteria.get(name) is not None]
    if len(operators) > 1:
        message = f"cannot have {operators[0]} and {operators[1]} in the same filter"
        raise RequestError(message)
    scope = Scope(select, fetch)
    for name, criterion in criteria.items():
        if criterion is not None and name not in _OPERATORS:
            handlers[name](scope, criterion)
    where, having = conjunction(scope.where), conjunction(scope.having)
    if operators:
        operator = operators[0]
        inner_where, inner_having = _conditions(select, handlers, criteria[operator], fetch)
        where = _combined(operator, where, inner_where)
        having = _combined(operator, having, inner_having)
    return where, having


def _combined(operator: str, outer: Clause | None, inner: Clause | None) -> Clause | None:
    if inner is None:
        return outer
    if outer is None:
        return Clause(f"NOT ({inner.sql})" if operator == "NOT" else f"({inner.sql})", inner.args)
    return Clause(f"{outer.sql}{_OPERATORS[operator]}({inner.sql})", outer.args + inner.args)
