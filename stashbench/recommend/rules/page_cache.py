"""Give SQLite a page cache that holds what a request needs."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, number, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    RERUN,
    START,
    STOP,
    check_passes,
)

META = RuleMeta(
    id="enlarge-page-cache",
    type="page-cache-size",
    category=RecommendationCategory.CONFIGURATION,
    title="Enlarge the page cache with STASH_SQLITE_CACHE_SIZE",
    check_ids=("page-cache",),
    references=("stashapp/stash#5155", "stashapp/stash#5274"),
    # Whole-table reads in place of an index, and plans made from wrong statistics, empty any cache.
    symptom_of=("recreate-missing-index", "refresh-statistics"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise a cache of a quarter of the database, at most 256 MiB and within the memory that is left."""
    finding = facts.failed("page-cache")
    if finding is None:
        return None
    size = number(finding, "database_bytes") or 0.0
    mebibytes = _cache_mebibytes(size, number(facts.finding("available-memory"), "available_bytes"))
    times = finding.value or 0.0
    page = words(finding, "worst_page", "a page")
    return META.advise(
        [finding],
        description=(
            f"One view of {page} reads the database {times:.1f} times over, because the page cache loses pages "
            f"before they are needed again. Give every connection {mebibytes} MiB."
        ),
        rationale=(
            f"Counted at the server's process: {finding.message} A request that finds its pages in the cache reads "
            "each at most once. SQLite's default is 2 MiB for each connection, whatever the size of the database."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=2,
            basis=Basis.UNKNOWN,
            resources={
                "memory_bytes": f"up to {mebibytes} MiB for each of 11 connections, {11 * mebibytes} MiB in all",
                "disk_reads": "fewer reads of the database",
            },
            affected="every page that joins large tables",
        ),
        implementation=Implementation(
            steps=(
                (
                    "Look up what is set now: the environment of the Stash process (tr '\\0' '\\n' < "
                    "/proc/STASH_PID/environ | grep STASH_SQLITE). A small number there is the cause."
                ),
                (
                    f"Set STASH_SQLITE_CACHE_SIZE=-{1024 * mebibytes} in the environment of the server (docker: "
                    "environment:, systemd: Environment=); negative numbers are KiB."
                ),
                STOP,
                START,
                RERUN,
            ),
            estimated_minutes=5.0,
            requirements=(
                "Stash 0.27 or newer; earlier releases ignore the variable.",
                f"{11 * mebibytes} MiB of free memory in the worst case.",
            ),
            risks=("Each connection may fill its own cache; on a machine short of memory that ends in swapping.",),
        ),
        validation=check_passes(
            finding.id, finding.title, "The time of 'Scenes by path' falls against the saved baseline."
        ),
        rollback=Rollback(
            possible=True,
            steps=("Remove STASH_SQLITE_CACHE_SIZE from the environment, or set it back to what it was.", STOP, START),
            requirements=("None.",),
        ),
        confidence=0.9,
    )


def _cache_mebibytes(database_bytes: float, available_bytes: float | None) -> int:
    """Choose a power of two from 16 to 256: a quarter of the database, and eleven of them in half the free memory."""
    wanted = database_bytes / 4 / 2**20
    room = 256.0 if available_bytes is None else available_bytes / 2 / 11 / 2**20
    size = 16
    while size < min(wanted, 256.0) and 2 * size <= room:
        size *= 2
    return size
