"""Refresh the planner's statistics, with a warning: they can harm."""

from __future__ import annotations

from stashbench.model.recommendation import Basis, Impact, Recommendation, RecommendationCategory
from stashbench.recommend.facts import Facts, number, rows
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import HARMFUL_ANALYZE, OPTIMISE_TYPE, check_passes, optimise, optimise_rollback

META = RuleMeta(
    id="refresh-statistics",
    type=OPTIMISE_TYPE,
    category=RecommendationCategory.DATABASE,
    title="Refresh the query planner's statistics",
    check_ids=("stale-statistics",),
    references=("stashapp/stash#3929", "stashapp/stash#3527"),
    after=("recreate-index", "move-blobs"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise ANALYZE, by Stash's own task, where the statistics describe another library than this one."""
    finding = facts.failed("stale-statistics")
    if finding is None:
        return None
    tables = [str(row["table"]) for row in rows(finding, "tables")]
    shown = ", ".join(tables[:5]) + (" ..." if len(tables) > 5 else "")  # noqa: PLR2004 - enough to recognise the case
    return META.advise(
        [finding],
        description=(
            f"SQLite plans its queries for a library that is not this one: the statistics of {shown} are missing or "
            "far from the real number of rows."
        ),
        rationale=(
            f"sqlite_stat1 compared with the tables: {finding.message} Wrong statistics make the planner start at "
            f"the wrong table. {HARMFUL_ANALYZE}"
        ),
        impact=Impact(
            performance_percent=None,
            complexity=2,
            basis=Basis.UNKNOWN,
            resources={"cpu": "less where a plan gets better, more where it gets worse"},
            affected="pages that join several tables",
        ),
        implementation=optimise(10.0 + (number(finding, "file_bytes") or 0.0) / 2**30),
        validation=check_passes(
            "stale-statistics", finding.title, "No benchmark regressed against the saved baseline."
        ),
        rollback=optimise_rollback(),
        confidence=0.8,
    )
