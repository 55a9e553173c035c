"""Bring the database onto a local disk."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    BACKUP,
    RERUN,
    START,
    STOP,
    check_passes,
)

META = RuleMeta(
    id="move-database-to-local-disk",
    type="move-database",
    category=RecommendationCategory.SYSTEM,
    title="Move the database to a local disk",
    check_ids=("network-filesystem",),
    references=("stashapp/stash#1157", "https://www.sqlite.org/wal.html"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise the move with the server stopped, all files of the database together."""
    finding = facts.failed("network-filesystem")
    if finding is None:
        return None
    filesystem = words(finding, "filesystem", "a network file system")
    return META.advise(
        [finding],
        description=(
            f"The database lies on {filesystem}. SQLite's write-ahead log needs shared memory and locks that network "
            "file systems do not offer: it is slow at best, and damages the database at worst."
        ),
        rationale=(
            f"The mount table names {filesystem} for the database's folder. SQLite's documentation excludes "
            "write-ahead logs on network file systems."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=4,
            basis=Basis.UNKNOWN,
            resources={"latency": "network round trips fewer for each page that is read", "safety": "locks that work"},
            affected="every query, and the safety of the data",
        ),
        implementation=Implementation(
            steps=(
                BACKUP,
                STOP,
                (
                    "Copy stash-go.sqlite to a local disk. After a clean stop there is no -wal file; if there is "
                    "one, copy it too."
                ),
                "Point Stash to it: database: in config.yml, or STASH_DATABASE in its environment.",
                START,
                RERUN,
            ),
            estimated_minutes=30.0,
            requirements=("A local disk with room for the database and a backup.", "Media may stay where it is."),
            risks=(
                (
                    "Started with the old path by mistake, Stash goes on with the old file and the two drift apart: "
                    "rename the old one."
                ),
            ),
        ),
        validation=check_passes(finding.id, finding.title, "integrity_check on the new file answers ok."),
        rollback=Rollback(
            possible=True,
            steps=(STOP, "Set the database path back.", START),
            requirements=("The old file, unchanged since the move.",),
        ),
        confidence=0.98,
    )
