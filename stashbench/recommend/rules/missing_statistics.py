"""Give the query planner statistics where it has none."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Recommendation,
    RecommendationCategory,
)
from stashbench.recommend.facts import Facts, number
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    OPTIMISE_TYPE,
    check_passes,
    optimise,
    optimise_rollback,
)

META = RuleMeta(
    id="make-statistics",
    type=OPTIMISE_TYPE,
    category=RecommendationCategory.DATABASE,
    title="Give the query planner statistics",
    check_ids=("missing-statistics",),
    references=("stashapp/stash#3929", "stashapp/stash#3527"),
    after=("recreate-index", "move-blobs"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise ANALYZE, by Stash's own task, with a measurement before and after, because it may also harm."""
    finding = facts.failed("missing-statistics")
    if finding is None:
        return None
    return META.advise(
        [finding],
        description=f"{finding.message} Stash makes statistics in full only when its database is optimised.",
        rationale=(
            "Read from sqlite_stat1. Without statistics SQLite assumes that every index is equally good. Mostly "
            "that does, so whether pages get faster is open: on a measured library of 100,000 scenes ANALYZE left "
            "most pages as they were and made one of them five times slower."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=2,
            basis=Basis.UNKNOWN,
            resources={"cpu": "less where a plan gets better, more where it gets worse"},
            affected="pages that join several tables",
        ),
        implementation=optimise(10.0 + (number(finding, "file_bytes") or 0.0) / 2**30),
        validation=check_passes(finding.id, finding.title, "No benchmark regressed against the saved baseline."),
        rollback=optimise_rollback(),
        confidence=0.4,
    )
