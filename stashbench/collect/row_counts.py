"""Counting within a time budget, so that a look at a huge database stays a look."""

from __future__ import annotations

import sqlite3
import time

# Counted first, because checks and rules ask for them; the rest as far as time allows.
MAIN_TABLES = (
    "scenes",
    "images",
    "galleries",
    "performers",
    "studios",
    "tags",
    "groups",
    "movies",
    "scene_markers",
    "files",
    "folders",
    "video_files",
    "image_files",
    "files_fingerprints",
    "scenes_files",
    "scenes_tags",
    "performers_scenes",
    "images_files",
    "images_tags",
    "performers_images",
)
_OPERATIONS_PER_LOOK = 20_000  # about a millisecond's work


class Budget:
    """Runs single statements until a time limit shared by all of them is used up; each is its own transaction."""

    def __init__(self, connection: sqlite3.Connection, time_limit_seconds: float) -> None:
        self._connection = connection
        self._deadline = time.monotonic() + time_limit_seconds

    def number(self, sql: str) -> int | None:
        """Return the single number a statement yields; None if the time is, or gets, used up."""
        if self._is_over():
            return None
        self._connection.set_progress_handler(self._is_over, _OPERATIONS_PER_LOOK)
        try:
            return int(self._connection.execute(sql).fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname == "SQLITE_INTERRUPT":
                return None
            raise
        finally:
            self._connection.set_progress_handler(None, 0)

    def _is_over(self) -> bool:
        return time.monotonic() >= self._deadline


def count_rows(budget: Budget, tables: tuple[str, ...]) -> dict[str, int | None]:
    """Count the rows of each table exactly; None where the time did not suffice."""
    ordered = [table for table in MAIN_TABLES if table in tables]
    ordered += [table for table in tables if table not in MAIN_TABLES]
    quoted = {table: '"' + table.replace('"', '""') + '"' for table in ordered}
    return {table: budget.number(f"SELECT count(*) FROM {name}") for table, name in quoted.items()}  # noqa: S608 - quoted
