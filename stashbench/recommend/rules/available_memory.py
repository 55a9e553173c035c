"""Leave the kernel room to cache the database."""

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
    id="free-memory",
    type="free-memory",
    category=RecommendationCategory.SYSTEM,
    title="Free memory on the server's machine",
    check_ids=("available-memory",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise finding the programs that take it."""
    finding = facts.failed("available-memory")
    if finding is None:
        return None
    left = (number(finding, "available_bytes") or 0.0) / 2**20
    return META.advise(
        [finding],
        description=(
            f"Only {left:.0f} MiB of memory can still be had. The kernel then drops the cached database, and every "
            "page is read from the disk again."
        ),
        rationale=finding.message,
        impact=Impact(
            performance_percent=None,
            complexity=4,
            basis=Basis.UNKNOWN,
            resources={"memory_bytes": "more for the file cache"},
            affected="every page, most of all the first view",
        ),
        implementation=Implementation(
            steps=(
                "List the largest programs: ps -eo rss,args --sort=-rss | head.",
                "Stop or limit those that are not needed beside Stash.",
                "Lower the parallel tasks of Stash while it generates.",
                RERUN,
            ),
            estimated_minutes=30.0,
            requirements=("A shell on the server.",),
            risks=("Other services of this machine may be affected.",),
        ),
        validation=check_passes(
            finding.id, finding.title, "More than 10 % of the memory can be had while the server is idle."
        ),
        rollback=Rollback(possible=True, steps=("Start the stopped programs again.",), requirements=("None.",)),
        confidence=0.6,
    )
