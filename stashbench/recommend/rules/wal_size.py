"""Find the reader that keeps the write-ahead log from being folded back."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import BACKUP, RERUN, START, STOP, check_passes

META = RuleMeta(
    id="shrink-write-ahead-log",
    type="checkpoint-wal",
    category=RecommendationCategory.DATABASE,
    title="Free the write-ahead log from the reader that holds it",
    check_ids=("wal-size",),
    references=("stashapp/stash#4849", "https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise finding the holder and a clean restart; never deleting the log, which would lose committed data."""
    finding = facts.failed("wal-size")
    if finding is None:
        return None
    size = finding.value or 0.0  # the check judges MiB
    return META.advise(
        [finding],
        title="Shrink the write-ahead log: some reader keeps it from being folded back",
        description=(
            f"The write-ahead log beside the database is {size:.0f} MiB. SQLite folds it back every 4 MiB or so "
            "unless a reader stays open; every query meanwhile searches the log as well as the file."
        ),
        rationale=(
            f"The log file is {size:.0f} MiB while the server idles. Its usual size is about 4 MiB (1,000 pages), so "
            "some connection has held an old snapshot, or a very large transaction went through."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={"disk_bytes": f"about {size:.0f} MiB less"},
            affected="every query, and the time Stash needs to start and stop",
        ),
        implementation=Implementation(
            steps=(
                (
                    "List the processes that hold the file open: lsof stash-go.sqlite-wal (backup tools, database "
                    "browsers, plugins and indexers are the usual ones), and close those that are not Stash."
                ),
                BACKUP,
                STOP,
                "If a -wal file is still there: sqlite3 stash-go.sqlite 'PRAGMA wal_checkpoint(TRUNCATE);'",
                "sqlite3 stash-go.sqlite 'PRAGMA integrity_check;' must answer ok.",
                START,
                RERUN,
            ),
            estimated_minutes=15.0,
            requirements=("A shell on the server.", "The sqlite3 command."),
            risks=("Never delete -wal or -shm by hand: what was committed but not yet folded back would be lost.",),
        ),
        validation=check_passes("wal-size", finding.title, "The log stays below 16 MiB for a day of normal use."),
        rollback=Rollback(
            possible=False,
            steps=("Not needed: a checkpoint changes no data. The backup holds the file as it was.",),
            requirements=("None.",),
        ),
        confidence=0.9,
    )
