"""What the database file tells without the server's help."""

from __future__ import annotations

from stashbench.model.base import Model


class TableStatistic(Model):
    """One row of the planner's statistics (sqlite_stat1): how many rows it believes in, and how many there are.

    `ratio` is the larger by the smaller, so 1 is right and 10 is ten times off; None where it cannot be told: the
    table was not counted, or the index holds only part of it.
    """

    table: str
    index: str | None
    believed_row_count: int | None
    row_count: int | None = None
    ratio: float | None = None


class DatabaseFacts(Model):
    """A Stash database as found on disk. Sizes in bytes; None is "not measured", with the reason in `not_measured`.

    `tables_without_statistics` are tables of 1000 rows and more the planner knows nothing about.
    """

    path: str
    file_bytes: int
    wal_bytes: int
    page_size: int
    page_count: int
    freelist_count: int
    journal_mode: str
    encoding: str
    auto_vacuum: int
    user_version: int
    sqlite_version: str
    schema_version: int | None = None
    is_dirty: bool | None = None
    tables: tuple[str, ...] = ()
    index_names: tuple[str, ...] = ()
    table_row_counts: dict[str, int | None] = {}
    has_statistics: bool = False
    has_stat4: bool = False
    statistics: tuple[TableStatistic, ...] = ()
    largest_statistics_ratio: float | None = None
    tables_without_statistics: tuple[str, ...] = ()
    blob_bytes: int | None = None
    filesystem: str | None = None
    is_network_filesystem: bool | None = None
    is_rotational: bool | None = None
    free_bytes: int | None = None
    was_in_use: bool | None = None
    not_measured: tuple[str, ...] = ()

    @property
    def freelist_percent(self) -> float:
        """Share of the file's pages that hold nothing, 0-100."""
        return 100.0 * self.freelist_count / self.page_count if self.page_count else 0.0
