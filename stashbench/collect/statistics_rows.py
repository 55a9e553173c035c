"""The planner's statistics, and how far they are from the rows that are there."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from stashbench.model.database import TableStatistic

# Below this, a wrong number misleads no plan worth speaking of.
_ROWS_THAT_MATTER = 1000


class Statistics(NamedTuple):
    """All of sqlite_stat1, and what it lacks."""

    is_present: bool = False
    has_stat4: bool = False
    rows: tuple[TableStatistic, ...] = ()
    largest_ratio: float | None = None
    unknown_tables: tuple[str, ...] = ()


def read_statistics(connection: sqlite3.Connection, row_counts: dict[str, int | None]) -> Statistics:
    """Read sqlite_stat1 and hold it against counted rows. Tables of fewer than 1000 rows do not enter the ratio."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat_'")}
    unknown_of: dict[str, int] = {
        table: count for table, count in row_counts.items() if count is not None and count >= _ROWS_THAT_MATTER
    }
    if "sqlite_stat1" not in names:
        return Statistics(unknown_tables=tuple(unknown_of))
    partial = _partial_indexes(connection)
    rows = []
    for table, index, text in connection.execute("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx"):
        if table is None:
            continue
        believed = parse_row_count(text)
        actual = row_counts.get(table)
        ratio = None if index in partial else _ratio(believed, actual)
        rows.append(
            TableStatistic(table=table, index=index, believed_row_count=believed, row_count=actual, ratio=ratio)
        )
        if believed is not None and index not in partial:
            unknown_of.pop(table, None)
    ratios = [row.ratio for row in rows if row.ratio is not None]
    return Statistics(
        is_present=bool(rows),
        has_stat4="sqlite_stat4" in names,
        rows=tuple(rows),
        largest_ratio=max(ratios, default=None),
        unknown_tables=tuple(unknown_of),
    )


def parse_row_count(stat: object) -> int | None:
    """Return the first number of a statistics text ("45210 12 1 unordered"): the rows the planner believes in."""
    words = stat.split() if isinstance(stat, str) else []
    return int(words[0]) if words and words[0].isascii() and words[0].isdigit() else None


def _ratio(believed: int | None, actual: int | None) -> float | None:
    if believed is None or actual is None or max(believed, actual) < _ROWS_THAT_MATTER:
        return None
    return max(believed, actual, 1) / max(min(believed, actual), 1)


def _partial_indexes(connection: sqlite3.Connection) -> frozenset[str]:
    rows = connection.execute(
        "SELECT i.name FROM sqlite_master AS t, pragma_index_list(t.name) AS i WHERE t.type = 'table' AND i.partial"
    )
    return frozenset(name for (name,) in rows)
