"""Sort expressions by the names the API gives them."""

# ruff: noqa: S608 - names come from this package, values are bound, pasted ids are checked numbers

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from stashbench.embedded.sql.select import Select
from stashbench.errors import RequestError

SortHandler = Callable[[Select, str], str]
"""From the query and ASC or DESC to what follows ORDER BY; joins what it needs."""

_SEED_LIMIT = 10**8


def column(name: str) -> SortHandler:
    """Sort by a column or expression."""
    return lambda _select, direction: f"{name} {direction}"


def natural(expression: str, join: Callable[[Select], None] | None = None) -> SortHandler:
    """Sort by a text the way people count: `a 2` before `a 10`."""

    def order(select: Select, direction: str) -> str:
        if join is not None:
            join(select)
        return f"{expression} COLLATE NATURAL_CI {direction}"

    return order


def joined(expression: str, join: Callable[[Select], None]) -> SortHandler:
    """Sort by a column of a joined table."""

    def order(select: Select, direction: str) -> str:
        join(select)
        return f"{expression} {direction}"

    return order


def count_of(link: str, owner_column: str) -> SortHandler:
    """Sort by the number of rows in a link table: a correlated count per row."""
    return lambda select, direction: (
        f"(SELECT COUNT(*) FROM {link} AS sort WHERE sort.{owner_column} = {select.id}) {direction}"
    )


def latest_of(link: str, owner_column: str, date_column: str) -> SortHandler:
    """Sort by the newest date in a history table."""
    return lambda select, direction: (
        f"(SELECT MAX({date_column}) FROM {link} AS sort WHERE sort.{owner_column} = {select.id}) {direction}"
    )


def random_order(select: Select, sort: str, direction: str) -> str:
    """Sort by a fixed shuffle of the ids; `random_<digits>` names the shuffle, `random` takes a new one."""
    digits = sort.removeprefix("random_")
    if sort != "random" and not digits.isdecimal():
        message = f"invalid random seed: {digits}"
        raise RequestError(message)
    seed = secrets.randbelow(_SEED_LIMIT) if sort == "random" else int(digits) % _SEED_LIMIT
    shifted = f"({select.id} + {seed})"
    return f"mod({shifted} * {shifted} * 52959209 + {shifted} * 1047483763, 2147483647) {direction}"


def order_by(select: Select, handlers: Mapping[str, SortHandler], sort: str, direction: str, tie_break: str) -> str:
    """The ORDER BY text, or a RequestError for a name that is no sort of this entity."""
    if sort == "random" or sort.startswith("random_"):
        expression = random_order(select, sort, direction)
    elif sort in handlers:
        expression = handlers[sort](select, direction)
    else:
        message = f"invalid sort: {sort}"
        raise RequestError(message)
    return f" ORDER BY {expression}{', ' if tie_break else ''}{tie_break}"
