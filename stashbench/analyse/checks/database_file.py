"""What the database file and its surroundings look like from outside: free pages, log, disk, file system."""

from __future__ import annotations

from stashbench.analyse.checks.observation import Observation, in_bytes, not_measured
from stashbench.model.database import DatabaseFacts

MEBIBYTE = 2**20


def fragmentation(facts: DatabaseFacts) -> Observation:
    """Return the share of the file in per cent that holds nothing."""
    if facts.page_count <= 0:
        return not_measured("The database file has no pages.")
    share = facts.freelist_percent
    free_bytes, file_bytes = facts.freelist_count * facts.page_size, facts.page_count * facts.page_size
    return Observation(
        value=share,
        message=f"{share:.1f} % of the database file ({in_bytes(free_bytes)} of {in_bytes(file_bytes)}) is unused.",
        evidence={
            "free_pages": facts.freelist_count,
            "page_count": facts.page_count,
            "free_bytes": free_bytes,
            "file_bytes": file_bytes,
        },
    )


def wal_size(facts: DatabaseFacts) -> Observation:
    """Return the size of the write-ahead log in MiB; no log file counts as empty."""
    return Observation(
        value=facts.wal_bytes / MEBIBYTE,
        message=(
            f"The write-ahead log is {in_bytes(facts.wal_bytes)} beside a database of {in_bytes(facts.file_bytes)}."
        ),
        evidence={
            "wal_bytes": facts.wal_bytes,
            "file_bytes": facts.file_bytes,
            "journal_mode": facts.journal_mode,
            "is_server_open": facts.was_in_use,
        },
    )


def free_space(facts: DatabaseFacts) -> Observation:
    """Return the free disk space as a multiple of the database: a backup and a VACUUM need one each."""
    if facts.free_bytes is None or facts.file_bytes <= 0:
        return not_measured("The free space of the database's disk could not be read.")
    ratio = facts.free_bytes / facts.file_bytes
    times = "more than a hundred" if ratio > 100 else f"{ratio:.1f}"  # noqa: PLR2004 - more says nothing more
    return Observation(
        value=ratio,
        message=(
            f"{in_bytes(facts.free_bytes)} are free where the database ({in_bytes(facts.file_bytes)}) lies: room for "
            f"{times} copies of it."
        ),
        evidence={"free_bytes": facts.free_bytes, "file_bytes": facts.file_bytes},
    )


def network_filesystem(facts: DatabaseFacts) -> Observation:
    """Return 1 if the database lies on a network file system, 0 if not."""
    if facts.is_network_filesystem is None:
        return not_measured("The file system of the database's folder is not known.")
    kind = (
        "a network file system: SQLite's write-ahead log is not safe there"
        if facts.is_network_filesystem
        else "a local file system"
    )
    return Observation(
        value=float(facts.is_network_filesystem),
        message=f"The database lies on {facts.filesystem}, {kind}.",
        evidence={"filesystem": facts.filesystem, "is_rotational": facts.is_rotational},
    )


def dirty_schema(facts: DatabaseFacts) -> Observation:
    """Return 1 if a migration was broken off half-way, 0 if not."""
    if facts.is_dirty is None:
        return not_measured("The database does not say whether its last migration was finished.")
    state = "was broken off half-way" if facts.is_dirty else "was finished"
    return Observation(
        value=float(facts.is_dirty),
        message=f"The migration to schema {facts.schema_version} {state}.",
        evidence={"schema_version": facts.schema_version, "is_dirty": facts.is_dirty},
    )


def blobs_in_database(facts: DatabaseFacts) -> Observation:
    """Return the share of the file in per cent that pictures take."""
    if facts.blob_bytes is None or facts.file_bytes <= 0:
        return not_measured("The size of the pictures inside the database could not be read in time.")
    share = min(100.0 * facts.blob_bytes / facts.file_bytes, 100.0)
    return Observation(
        value=share,
        message=f"Pictures take {in_bytes(facts.blob_bytes)} ({share:.0f} %) of the database file.",
        evidence={
            "blob_bytes": facts.blob_bytes,
            "blob_count": facts.table_row_counts.get("blobs"),
            "file_bytes": facts.file_bytes,
        },
    )
