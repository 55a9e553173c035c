"""Keep pictures in files instead of rows."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, number
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    BACKUP,
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="move-blobs-to-files",
    type="move-blobs",
    category=RecommendationCategory.CONFIGURATION,
    title="Move pictures out of the database",
    check_ids=("blobs-in-database",),
    references=("stashapp/stash#2988", "stashapp/stash#460"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise the file system for pictures where they are most of the file."""
    finding = facts.failed("blobs-in-database")
    if finding is None:
        return None
    share = finding.value or 0.0
    size = (number(finding, "blob_bytes") or 0.0) / 2**20
    return META.advise(
        [finding],
        description=(
            f"Pictures take {size:.0f} MiB, {share:.0f} % of the database. Backups, optimising and the page cache "
            "carry them along."
        ),
        rationale=(
            f"Sum of the lengths of all blobs in the database: {size:.0f} MiB. Queries do not read them, so pages "
            "get faster only where the cache was short."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=4,
            basis=Basis.UNKNOWN,
            resources={"disk_bytes": f"the same in all, {size:.0f} MiB of it as files"},
            affected="backups, optimising, covers",
        ),
        implementation=Implementation(
            steps=(
                BACKUP,
                "Choose a folder on a local disk (Settings > System > Blobs path) and set the storage to file system.",
                "Settings > Tasks > Migrate blobs, with deletion of the old ones.",
                "Settings > Tasks > Optimise database, to give the space back.",
                RERUN,
            ),
            estimated_minutes=60.0,
            requirements=(f"A local disk with {size:.0f} MiB of room.", "A backup of that folder from now on."),
            risks=("Many small files; a backup of the database alone no longer holds the pictures.",),
        ),
        validation=check_passes(finding.id, finding.title, f"The database is about {size:.0f} MiB smaller."),
        rollback=Rollback(
            possible=True,
            steps=("Set the storage back to database and migrate the blobs again.",),
            requirements=("Room for them in the database.",),
        ),
        confidence=0.6,
    )
