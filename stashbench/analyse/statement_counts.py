"""What a page's SQL statements say, in words: statements repeated for each row, and counts that changed."""

from __future__ import annotations

from typing import NamedTuple

from stashbench.model.statement import Statement, StatementTrace
from stashbench.model.text import one_line

FEWEST_REPEATS = 10
ONCE_PER_ROW = 0.8
"""Executions per row from which on a statement counts as run once for each: a row or two may need none."""
LEAST_CHANGE = 6
TOTAL_TOLERANCE = 0.25
SHAPE_TOLERANCE = 0.5
LEAST_BATCHED_CHANGE = 20
BATCHED_TOLERANCE = 0.1
"""Real servers gather look-ups for a millisecond and run them together, so counts vary from run to run: those of whole
pages by up to 15 % (Stash 0.22 and 0.30, 84 pairs of runs on a busy machine), those of single statements by up to 45 %.
"""
SHOWN_CHARACTERS = 160
BATCHED = "(…)"
"""How the shape of a statement shows a list of values: such look-ups are gathered by the clock."""


class Repeated(NamedTuple):
    """A statement that is run again and again: `is_per_row` if about once or more for each row of the answer."""

    statement: Statement
    is_per_row: bool
    sentence: str


class CountChange(NamedTuple):
    """Numbers of statements before and after; `sentence` is empty where they are as good as equal."""

    before: int
    after: int
    sentence: str


def repeated_statements(trace: StatementTrace, row_count: int | None) -> tuple[Repeated, ...]:
    """Return the statements run ten times or more, the most repeated first."""
    often = [statement for statement in trace.statements if statement.count >= FEWEST_REPEATS]
    often.sort(key=lambda statement: (-statement.count, statement.fingerprint))
    return tuple(
        Repeated(statement, _is_per_row(statement.count, row_count), repetition_in_words(statement.count, row_count))
        for statement in often
    )


def most_per_row(trace: StatementTrace, row_count: int | None) -> Repeated | None:
    """Return the statement run most often for each row, None where there is none."""
    return next((item for item in repeated_statements(trace, row_count) if item.is_per_row), None)


def repetition_in_words(count: int, row_count: int | None) -> str:
    """Return e.g. "40 times, once for each of 40 rows"."""
    times = "once" if count == 1 else f"{count:,} times"
    if not _is_per_row(count, row_count):
        return times
    assert row_count
    rows = f"for each of {row_count:,} rows"
    whole, rest = divmod(count, row_count)
    if not rest:
        return f"{times}, {'once' if whole == 1 else f'{whole} times'} {rows}"
    if count < 1.5 * row_count:
        return f"{times}, about once {rows}"
    return f"{times}, about {count / row_count:.1f} times {rows}"


def count_change(before: StatementTrace | None, after: StatementTrace | None) -> CountChange | None:
    """Hold the numbers of statements of one page against each other; None where one of them is not certain.

    They hardly depend on the machine, so that a change is one of the server, its plugins or its data.
    """
    if before is None or after is None or not before.is_clean or not after.is_clean:
        return None
    old, new = before.statement_count, after.statement_count
    if old is None or new is None:
        return None
    least_batched = max(LEAST_BATCHED_CHANGE, BATCHED_TOLERANCE * max(old, new))
    changed = [shape for shape in _shapes(before, after) if shape.is_changed(least_batched)]
    if not changed and not _is_more_than(old, new, LEAST_CHANGE, TOTAL_TOLERANCE):
        return CountChange(old, new, "")
    return CountChange(old, new, f"{old:,} \N{RIGHTWARDS ARROW} {new:,} statements{_culprit(changed)}")


class _Shape(NamedTuple):
    """One statement's executions before and after."""

    sql: str
    before: int
    after: int

    def is_changed(self, least_batched: float) -> bool:
        """Say whether the clock alone cannot explain the difference."""
        least = least_batched if BATCHED in self.sql else LEAST_CHANGE
        return _is_more_than(self.before, self.after, least, SHAPE_TOLERANCE)


def _shapes(before: StatementTrace, after: StatementTrace) -> list[_Shape]:
    old = {statement.fingerprint: statement.count for statement in before.statements}
    new = {statement.fingerprint: statement.count for statement in after.statements}
    sql = {item.fingerprint: item.sql_shape for item in (*before.statements, *after.statements)}
    return [_Shape(text, old.get(name, 0), new.get(name, 0)) for name, text in sql.items()]


def _is_more_than(before: int, after: int, least: float, tolerance: float) -> bool:
    return abs(after - before) >= max(least, tolerance * max(before, after))


def _culprit(changed: list[_Shape]) -> str:
    """Name the statement whose count changed most."""
    if not changed:
        return ""
    worst = max(changed, key=lambda shape: (abs(shape.after - shape.before), shape.sql))
    sql = one_line(worst.sql, SHOWN_CHARACTERS)
    return f", most of all {worst.before:,} \N{RIGHTWARDS ARROW} {worst.after:,} of: {sql}"


def _is_per_row(count: int, row_count: int | None) -> bool:
    return bool(row_count) and count >= FEWEST_REPEATS and count >= ONCE_PER_ROW * (row_count or 0)
