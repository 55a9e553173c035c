"""The shape of one step of the generator: a table, and the rows that go into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from stashbench.embedded.library.plan import Plan

_ROWS_PER_STATEMENT = 128
_VALUES_PER_STATEMENT = 480

Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Pass:
    """Fill `table`; `columns` is the comma-separated list that the values of `rows` stand for.

    `rows_per_scene` is about right, and only the progress display depends on it.
    """

    table: str
    columns: str
    rows: Callable[[Plan], Rows]
    rows_per_scene: float = 0.1

    def batches(self, plan: Plan) -> Rows:
        """Give the values of the rows end to end, so many rows at a time as one statement inserts."""
        rows = self.rows(plan)
        height = batch_height(self.columns)
        while values := tuple(chain.from_iterable(islice(rows, height))):
            yield values


def batch_height(columns: str) -> int:
    """Give how many rows of these columns one statement inserts; larger statements fall out of the CPU's cache."""
    return min(_ROWS_PER_STATEMENT, _VALUES_PER_STATEMENT // (columns.count(",") + 1))


def pair_up(owners: Iterable[int], counts: Iterable[int], picks: Iterator[int]) -> Iterator[tuple[int, int]]:
    """Give each owner its count of picked ids, each at most once, in the order of the table's primary key."""
    for owner, count in zip(owners, counts, strict=False):
        if count == 1:
            yield owner, next(picks)
        elif count:
            for item in sorted(set(islice(picks, count))):
                yield owner, item
