"""Whether SQLite's page cache holds what one request needs."""

from __future__ import annotations

from stashbench.analyse.checks.observation import Observation, in_bytes, not_measured


def rereads(logical_read_bytes: int | None, request_count: int, database_bytes: int | None) -> Observation:
    """Return how many times the whole database one request of a page reads from files.

    Above one, pages are read again and again within a single request: the cache loses them before they are needed
    next. Reads are counted where the process asks the kernel, so memory the kernel keeps files in does not hide them.
    """
    if logical_read_bytes is None:
        return not_measured("The server's process is out of reach, so what it reads cannot be counted.")
    if not database_bytes or request_count <= 0:
        return not_measured("The size of the database is not known, so what a request reads cannot be weighed.")
    each = logical_read_bytes / request_count
    times = each / database_bytes
    return Observation(
        value=times,
        message=(
            f"One view of the scenes page by path reads {in_bytes(each)}, {times:.1f} times the database of "
            f"{in_bytes(database_bytes)}."
        ),
        evidence={"bytes_per_request": each, "database_bytes": database_bytes, "request_count": request_count},
    )
