"""Keep thumbnails once they are made."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
)
from stashbench.recommend.facts import Facts
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    check_passes,
    setting_rollback,
)

META = RuleMeta(
    id="keep-image-thumbnails",
    type="keep-image-thumbnails",
    category=RecommendationCategory.CONFIGURATION,
    title="Keep image thumbnails on disk",
    check_ids=("image-thumbnails",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise the setting that trades disk for CPU."""
    finding = facts.failed("image-thumbnails")
    if finding is None:
        return None
    return META.advise(
        [finding],
        description="Thumbnails of images are scaled anew for every view. A page of 40 images scales 40 originals.",
        rationale=(
            "The configuration says writeImageThumbnails is off. Scaling one large photo takes tens of milliseconds "
            "of CPU."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=1,
            basis=Basis.UNKNOWN,
            resources={
                "cpu": "one scaling less for each image and view",
                "disk_bytes": "a few dozen KiB more for each image",
            },
            affected="image pages",
        ),
        implementation=Implementation(
            steps=(
                "Settings > System > Image: write image thumbnails.",
                "Settings > Tasks > Generate > image thumbnails, to make them beforehand (Stash 0.30).",
            ),
            estimated_minutes=5.0,
            requirements=("Room in the folder of generated files.",),
            risks=("Disk space for the thumbnails.",),
        ),
        validation=check_passes(finding.id, finding.title, "A second view of an images page is faster than the first."),
        rollback=setting_rollback("write image thumbnails", "off"),
        confidence=0.8,
    )
