"""A piece of SQL with its arguments, and how pieces are joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class Clause:
    """SQL text with one `?` for each of `args`."""

    sql: str
    args: tuple[Value, ...] = ()


def conjunction(clauses: Sequence[Clause]) -> Clause | None:
    """All of `clauses`, or None when there are none; one alone gets no second pair of parentheses."""
    if not clauses:
        return None
    if len(clauses) == 1:
        return Clause(f"({clauses[0].sql})", clauses[0].args)
    return Clause("(" + " AND ".join(f"({clause.sql})" for clause in clauses) + ")", arguments_of(clauses))


def disjunction(clauses: Sequence[Clause]) -> Clause:
    """Any of `clauses`, which must not be empty."""
    return Clause("(" + " OR ".join(clause.sql for clause in clauses) + ")", arguments_of(clauses))


def arguments_of(clauses: Iterable[Clause]) -> tuple[Value, ...]:
    """The arguments of several clauses in their order."""
    return tuple(argument for clause in clauses for argument in clause.args)


def marks(count: int) -> str:
    """`count` placeholders, separated by commas."""
    return ", ".join("?" * count)
