"""Recover from a migration that was broken off."""

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
    RERUN,
    START,
    STOP,
    check_passes,
)

META = RuleMeta(
    id="recover-migration",
    type="recover-migration",
    category=RecommendationCategory.DATABASE,
    title="Recover from a migration that was broken off",
    check_ids=("dirty-schema",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise the backup Stash made before migrating, and nothing by hand."""
    finding = facts.failed("dirty-schema")
    if finding is None:
        return None
    version = words(finding, "schema_version", "?")
    return META.advise(
        [finding],
        description=(
            f"The migration to schema {version} was broken off half-way: the database is in a state that no release "
            "of Stash knows."
        ),
        rationale=(
            f"schema_migrations says version {version}, dirty. Indexes or columns may be missing, so no other advice "
            "of this report is safe before this is mended."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=6,
            basis=Basis.UNKNOWN,
            resources={"safety": "a schema that is whole"},
            affected="everything",
        ),
        implementation=Implementation(
            steps=(
                STOP,
                "Copy the database and its -wal file away as they are.",
                (
                    "Restore the backup that Stash made before the migration (beside the database, with the old "
                    "schema number in its name)."
                ),
                START,
                "Let it migrate again, with enough free disk space, and do not stop it.",
                RERUN,
            ),
            estimated_minutes=60.0,
            requirements=("The backup from before the migration.", "Free disk space of twice the database."),
            risks=("What was entered since the backup is lost.",),
        ),
        validation=check_passes(finding.id, finding.title, "Stash starts without asking for a migration."),
        rollback=Rollback(
            possible=True, steps=("Put the copy from the second step back.",), requirements=("That copy.",)
        ),
        confidence=0.98,
    )
