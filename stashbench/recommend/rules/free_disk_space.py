"""Make room beside the database."""

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
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="free-disk-space",
    type="free-disk-space",
    category=RecommendationCategory.SYSTEM,
    title="Free disk space beside the database",
    check_ids=("free-disk-space",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise room for three copies: backup, VACUUM, migration."""
    finding = facts.failed("free-disk-space")
    if finding is None:
        return None
    free, size = (number(finding, "free_bytes") or 0.0) / 2**30, (number(finding, "file_bytes") or 0.0) / 2**30
    return META.advise(
        [finding],
        description=(
            f"Only {free:.1f} GiB are free beside a database of {size:.1f} GiB. Backup, optimising and migration "
            "each need room for a copy; without room they fail, and a full disk stops all saving."
        ),
        rationale=f"Free space of the database's file system by its size: {finding.value:.1f}.",
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={"disk_bytes": f"{max(3 * size - free, 0):.1f} GiB more free"},
            affected="backups, optimising, upgrades, saving",
        ),
        implementation=Implementation(
            steps=(
                "Delete or move old backups beside the database (files with a date in their name).",
                "Settings > Tasks > Clean generated files, as a dry run first.",
                "Move generated files or backups to another disk (Settings > System).",
                RERUN,
            ),
            estimated_minutes=30.0,
            requirements=("A place for what is moved.",),
            risks=("Cleaned files must be generated again if they were needed.",),
        ),
        validation=check_passes(finding.id, finding.title, f"At least {3 * size:.1f} GiB are free."),
        rollback=Rollback(
            possible=True,
            steps=("Move the files back; deleted generated files can be made again.",),
            requirements=("None.",),
        ),
        confidence=0.9,
    )
