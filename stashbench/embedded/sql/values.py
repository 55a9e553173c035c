"""Criteria on single values: numbers, texts, dates and flags."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from stashbench.embedded.sql.clause import Clause, Value, marks
from stashbench.embedded.sql.scope import Criterion, Handler, Scope
from stashbench.embedded.sql.search import words_of
from stashbench.errors import RequestError

Joiner = Callable[[Scope], None]

_COMPARISONS = {"EQUALS": "=", "NOT_EQUALS": "!=", "GREATER_THAN": ">", "LESS_THAN": "<"}


def comparison(expression: str, criterion: Criterion, *, missing: Value = 0) -> Clause:
    """Condition of a number or date criterion. `missing` stands for an absent `value2`."""
    modifier = criterion["modifier"]
    if modifier == "IS_NULL":
        return Clause(f"{expression} IS NULL")
    if modifier == "NOT_NULL":
        return Clause(f"{expression} IS NOT NULL")
    if modifier in _COMPARISONS:
        return Clause(f"{expression} {_COMPARISONS[modifier]} ?", (criterion["value"],))
    if modifier in {"BETWEEN", "NOT_BETWEEN"}:
        value2 = criterion.get("value2")
        args = (criterion["value"], missing if value2 is None else value2)
        return Clause(f"{expression} {modifier.replace('_', ' ')} ? AND ?", args)
    message = f"unsupported numeric modifier type {modifier}"
    raise RequestError(message)


def number(expression: str, join: Joiner | None = None) -> Handler:
    """Handler of an IntCriterionInput or FloatCriterionInput on an expression."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        if join is not None:
            join(scope)
        scope.where.append(comparison(expression, criterion))

    return handle


def group_number(expression: str, join: Joiner) -> Handler:
    """Handler of an IntCriterionInput on an aggregate of a join."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        join(scope)
        scope.having.append(comparison(expression, criterion))

    return handle


def count_of(link: str, owner_column: str) -> Handler:
    """Handler of an IntCriterionInput on the number of rows in a link table."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        counted = f"(SELECT COUNT(*) FROM {link} s WHERE s.{owner_column} = {scope.select.id})"
        scope.where.append(comparison(counted, criterion))

    return handle


def date(column: str, join: Joiner | None = None) -> Handler:
    """Handler of a DateCriterionInput; dates are texts, so an empty one counts as none."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        if join is not None:
            join(scope)
        if criterion["modifier"] == "IS_NULL":
            scope.require(f"({column} IS NULL OR {column} = '')")
        elif criterion["modifier"] == "NOT_NULL":
            scope.require(f"({column} IS NOT NULL AND {column} != '')")
        else:
            scope.where.append(comparison(column, criterion, missing=""))

    return handle


def timestamp(column: str, join: Joiner | None = None) -> Handler:
    """Handler of a TimestampCriterionInput; timestamps are compared as texts."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        if join is not None:
            join(scope)
        scope.where.append(comparison(column, criterion, missing=""))

    return handle


def flag(column: str, join: Joiner | None = None) -> Handler:
    """Handler of a Boolean."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        if join is not None:
            join(scope)
        scope.require(f"{column} = {int(criterion)}")

    return handle


def text(column: str, join: Joiner | None = None) -> Handler:
    """Handler of a StringCriterionInput on a column."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        if join is not None:
            join(scope)
        scope.where.append(text_condition(column, criterion))

    return handle


def text_condition(column: str, criterion: Criterion) -> Clause:
    """Condition of a StringCriterionInput. EQUALS ignores case, INCLUDES means any of the words."""
    value = criterion["value"]
    match criterion["modifier"]:
        case "EQUALS":
            clause = Clause(f"{column} LIKE ?", (value,))
        case "NOT_EQUALS":
            clause = Clause(f"{column} NOT LIKE ?", (value,))
        case "IS_NULL":
            clause = Clause(f"({column} IS NULL OR TRIM({column}) = '')")
        case "NOT_NULL":
            clause = Clause(f"({column} IS NOT NULL AND TRIM({column}) != '')")
        case "MATCHES_REGEX":
            clause = Clause(f"({column} IS NOT NULL AND {column} regexp ?)", (checked_pattern(value),))
        case "NOT_MATCHES_REGEX":
            clause = Clause(f"({column} IS NULL OR {column} NOT regexp ?)", (checked_pattern(value),))
        case "INCLUDES" | "EXCLUDES" as modifier:
            patterns = [f"%{word}%" for word in words_of(value) or [""]]
            negation, operator = ("NOT ", " AND ") if modifier == "EXCLUDES" else ("", " OR ")
            text = operator.join(f"{column} {negation}LIKE ?" for _ in patterns)
            clause = Clause(f"({text})", tuple(patterns))
        case modifier:
            message = f"unsupported string filter modifier {modifier}"
            raise RequestError(message)
    return clause


def listed_text(table: str, column: str, owner_column: str) -> Handler:
    """Handler of a StringCriterionInput on a table of values (URLs, aliases), several per owner.

    EXCLUDES takes the text as a whole and holds over all rows of the owner, hence a sub-select and not the join.
    """
    name = f"{table}.{column}"

    def handle(scope: Scope, criterion: Criterion) -> None:
        if criterion["modifier"] == "EXCLUDES":
            owners = f"SELECT {table}.{owner_column} FROM {table} WHERE {name} LIKE ?"
            scope.require(f"{scope.select.id} NOT IN ({owners})", f"%{criterion['value']}%")
            return
        scope.select.add_join("LEFT", table, f"{table}.{owner_column} = {scope.select.id}")
        scope.where.append(text_condition(name, criterion))

    return handle


def choice(column: str) -> Handler:
    """Handler of an enum criterion: one value (`value`) or a list (`value_list`, or `value` itself a list)."""

    def handle(scope: Scope, criterion: Criterion) -> None:
        if criterion["modifier"] in {"IS_NULL", "NOT_NULL"}:
            scope.where.append(text_condition(column, {"modifier": criterion["modifier"], "value": ""}))
            return
        value = criterion.get("value")
        single: list[Any] = value if isinstance(value, list) else [] if value is None else [value]
        values = [*single, *(criterion.get("value_list") or [])]
        if not values:
            return
        negation = "NOT " if criterion["modifier"] in {"EXCLUDES", "NOT_EQUALS"} else ""
        scope.require(f"({column} {negation}IN ({marks(len(values))}))", *values)

    return handle


def checked_pattern(pattern: str) -> str:
    """The pattern itself; a RequestError when it is no regular expression."""
    try:
        re.compile(pattern)
    except re.error as error:
        message = f"error parsing regexp: {error}"
        raise RequestError(message) from error
    return pattern
