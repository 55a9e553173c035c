"""Give unused pages back and put the rest in order."""

from __future__ import annotations

from stashbench.model.recommendation import Basis, Impact, Recommendation, RecommendationCategory
from stashbench.recommend.facts import Facts, number
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import OPTIMISE_TYPE, check_passes, optimise, optimise_rollback

META = RuleMeta(
    id="compact-database",
    type=OPTIMISE_TYPE,
    category=RecommendationCategory.DATABASE,
    title="Compact the database file",
    check_ids=("fragmentation",),
    references=("stashapp/stash#3929",),
    after=("recreate-index", "move-blobs"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise VACUUM, by Stash's own task, where a large part of the file is unused."""
    finding = facts.failed("fragmentation")
    if finding is None:
        return None
    share, free = finding.value or 0.0, number(finding, "free_bytes") or 0.0
    size = number(finding, "file_bytes") or 0.0
    return META.advise(
        [finding],
        description=(
            f"{share:.0f} % of the database file ({free / 2**20:.0f} of {size / 2**20:.0f} MiB) holds nothing. "
            "Backups copy it, and the rows that remain lie scattered."
        ),
        rationale=(
            f"Counted by SQLite itself: freelist_count / page_count is {share:.1f} %. Compacting gives the space "
            "back; how much faster pages get is not known beforehand, since unused pages are skipped by reads."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=2,
            basis=Basis.UNKNOWN,
            resources={"disk_bytes": f"about {free / 2**20:.0f} MiB less"},
            affected="backups, full scans and the disk",
        ),
        implementation=optimise(10.0 + size / 2**30),
        validation=check_passes("fragmentation", finding.title, f"The file is about {free / 2**20:.0f} MiB smaller."),
        rollback=optimise_rollback(),
        confidence=0.9,
    )
