"""Whether SQLite's planner knows how large this library is."""

from __future__ import annotations

from stashbench.analyse.checks.observation import Observation, Row, counted, not_applicable
from stashbench.model.database import DatabaseFacts

# Below this a plan hardly matters, and statistics of tiny tables go stale with every import.
SMALL_TABLE_ROWS = 1000
# The planner thinks in logarithms: a factor of three changes the order of a join, a factor of one and a half does not.
OFF_FACTOR = 3.0
_SMALL = f"No table has {SMALL_TABLE_ROWS} rows; plans hardly matter on a library this small."


def missing_statistics(facts: DatabaseFacts) -> Observation:
    """Count the tables of at least 1,000 rows of which the planner knows nothing."""
    large = _large_tables(facts)
    if not large:
        return not_applicable(_SMALL)
    missing = [table for table in facts.tables_without_statistics if table in large]
    message = f"All {counted(len(large), 'large table')} have statistics."
    if len(missing) == len(large):
        message = (
            f"None of the {counted(len(large), 'large table')} has statistics: the planner goes by rules of thumb."
        )
    elif missing:
        message = f"{len(missing)} of {counted(len(large), 'large table')} have no statistics, among them {missing[0]}."
    return Observation(
        value=float(len(missing)),
        message=message,
        evidence={
            "tables": tuple({"table": table, "real_rows": large[table]} for table in missing),
            "large_table_count": len(large),
            "file_bytes": facts.file_bytes,
        },
    )


def stale_statistics(facts: DatabaseFacts) -> Observation:
    """Count the tables of at least 1,000 rows whose statistics are off by a factor of three or more."""
    large = _large_tables(facts)
    if not large:
        return not_applicable(_SMALL)
    if not facts.has_statistics:
        return not_applicable("The database has no statistics that could be stale.")
    off: dict[str, Row] = {}
    for item in facts.statistics:
        if item.table in large and item.ratio is not None and item.ratio >= OFF_FACTOR:
            row: Row = {
                "table": item.table,
                "real_rows": item.row_count,
                "believed_rows": item.believed_row_count,
                "factor": item.ratio,
            }
            if item.table not in off or item.ratio > float(off[item.table]["factor"] or 0.0):
                off[item.table] = row
    rows = sorted(off.values(), key=lambda row: (-float(row["factor"] or 0.0), str(row["table"])))
    return Observation(
        value=float(len(rows)),
        message=_stale_message(rows, len(large)),
        evidence={"tables": tuple(rows), "large_table_count": len(large), "file_bytes": facts.file_bytes},
    )


def _large_tables(facts: DatabaseFacts) -> dict[str, int]:
    counts = facts.table_row_counts.items()
    return {table: count for table, count in counts if count is not None and count >= SMALL_TABLE_ROWS}


def _stale_message(rows: list[Row], large: int) -> str:
    if not rows:
        return f"The statistics of the {counted(large, 'large table')} are within a factor of {OFF_FACTOR:.0f}."
    worst = rows[0]
    return (
        f"The statistics of {len(rows)} of {counted(large, 'large table')} are far off: {worst['table']} has "
        f"{worst['real_rows']} rows, the planner believes {worst['believed_rows']}."
    )
