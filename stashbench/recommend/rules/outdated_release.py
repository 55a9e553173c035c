"""Upgrade past known performance faults."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, rows
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    BACKUP,
    COMPARE,
    RERUN,
    START,
    STOP,
    check_passes,
)

META = RuleMeta(
    id="upgrade-stash",
    type="upgrade-stash",
    category=RecommendationCategory.SYSTEM,
    title="Upgrade Stash",
    check_ids=("outdated-release",),
    references=("stashapp/stash#5335", "stashapp/stash#5274", "stashapp/stash#6378", "stashapp/stash#6398"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """List the mended problems that this release still has."""
    finding = facts.failed("outdated-release")
    if finding is None:
        return None
    fixes = rows(finding, "fixes")
    listed = "; ".join(f"{row['what']} ({row['release']}, {row['reference']})" for row in fixes)
    return META.advise(
        [finding],
        description=(
            f"This server's release still has {len(fixes)} performance problems that later ones cured: {listed}."
        ),
        rationale=(
            "The server's schema version tells its release. What each costs here was not measured; audit the new "
            "release beside the old one to see."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=4,
            basis=Basis.UNKNOWN,
            resources={"latency": "depends on which of them this library meets"},
            affected="see the list",
        ),
        implementation=Implementation(
            steps=(
                COMPARE,
                BACKUP,
                (
                    "Copy the backup off the machine: an upgrade migrates the database, and there is no way back "
                    "without it."
                ),
                "Install the newest release and start it; confirm the migration.",
                RERUN,
            ),
            estimated_minutes=30.0,
            requirements=("Time for the migration: minutes for a million files.",),
            risks=("The migration is one-way. Plugins may need newer versions.",),
        ),
        validation=check_passes(finding.id, finding.title, "No benchmark regressed against the saved baseline."),
        rollback=Rollback(
            possible=True,
            steps=(STOP, "Put the old release and the backup of the database back together.", START),
            requirements=("The backup, and the old release.",),
        ),
        confidence=0.6,
    )
