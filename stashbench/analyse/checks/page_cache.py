"""Whether SQLite's page cache holds what one request needs."""

from __future__ import annotations

from collections.abc import Sequence

from stashbench.analyse.checks.observation import Observation, Row, in_bytes, not_measured
from stashbench.model.base import Model


class PageReads(Model, frozen=True, kw_only=True):
    """What several equal views of a page made the server read; None where that could not be seen."""

    page: str
    view_count: int
    logical_read_bytes: int | None


def rereads(pages: Sequence[PageReads], database_bytes: int) -> Observation:
    """Return how many times the whole database one view of the worst page reads from files.

    Above one, pages of the file are certainly read again within one view: the cache loses them before they are needed
    next. Reads are counted where the process asks the kernel, so the kernel's own file cache does not hide them.
    """
    if database_bytes <= 0:
        return not_measured("The size of the database is not known, so what a view reads cannot be weighed.")
    rows: list[Row] = [
        {
            "page": item.page,
            "bytes_per_view": item.logical_read_bytes / item.view_count,
            "times_database": item.logical_read_bytes / item.view_count / database_bytes,
        }
        for item in pages
        if item.logical_read_bytes is not None and item.view_count > 0
    ]
    if not rows:
        return not_measured("What the server's process reads could not be seen: that needs its user or root.")
    worst = max(rows, key=lambda row: (float(row["times_database"] or 0.0), str(row["page"])))
    times, each = float(worst["times_database"] or 0.0), float(worst["bytes_per_view"] or 0.0)
    return Observation(
        value=times,
        message=(
            f"One view of {worst['page']} reads {in_bytes(each)}, {times:.1f} times the database of "
            f"{in_bytes(database_bytes)}."
        ),
        evidence={"pages": tuple(rows), "worst_page": str(worst["page"]), "database_bytes": database_bytes},
    )
