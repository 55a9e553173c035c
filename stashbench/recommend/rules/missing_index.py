"""Recreate indexes that Stash's schema has and this database lost."""

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
from stashbench.recommend.steps import BACKUP, RERUN, START, STOP, check_passes

META = RuleMeta(
    id="recreate-missing-index",
    type="recreate-index",
    category=RecommendationCategory.DATABASE,
    title="Recreate the missing database indexes",
    check_ids=("missing-index",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Give the statements that bring the indexes back, and those that take them away again."""
    finding = facts.failed("missing-index")
    missing = rows(finding, "missing_indexes")
    if finding is None or not missing:
        return None
    names = [str(row["name"]) for row in missing]
    tables = sorted({str(row["table"]) for row in missing})
    noun = "index" if len(names) == 1 else f"{len(names)} indexes"
    return META.advise(
        [finding],
        title=f"Recreate the missing {noun} {', '.join(names[:3])}{' ...' if len(names) > 3 else ''}",  # noqa: PLR2004
        description=(
            f"The database lacks {', '.join(names)}, which every Stash database of this schema has. Without it, pages "
            f"that join or filter by {', '.join(tables)} read whole tables."
        ),
        rationale=(
            f"Read from the database file: {len(names)} of the indexes of its schema version are not there. How much "
            "time they save here was not measured; on a library of 100,000 scenes two lost link indexes made the "
            "tags page 3 times and the performers page 30 times slower."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={"disk_bytes": "a few per cent of the database", "cpu": "less on pages that use these tables"},
            affected=f"pages that use {', '.join(tables)}",
        ),
        implementation=Implementation(
            steps=(
                BACKUP,
                STOP,
                *(f"sqlite3 stash-go.sqlite '{row['statement']}'" for row in missing),
                START,
                RERUN,
            ),
            estimated_minutes=15.0,
            requirements=("The sqlite3 command on the server.", "Write access to the database file, Stash stopped."),
            risks=(
                (
                    "A unique index cannot be made while the table holds doubles; the statement then fails and "
                    "changes nothing."
                ),
                "Writes get a little slower, as on every healthy Stash database.",
            ),
        ),
        validation=check_passes("missing-index", finding.title, "Pages over these tables are faster than before."),
        rollback=Rollback(
            possible=True,
            steps=(STOP, *(f"sqlite3 stash-go.sqlite '{row['rollback']}'" for row in missing), START),
            requirements=("The sqlite3 command on the server.",),
        ),
        confidence=0.95,
    )
