"""Leave the totals out of the images page."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, number, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="drop-image-totals",
    type="drop-image-totals",
    category=RecommendationCategory.WORKFLOW,
    title="Leave megapixels and file size out of image lists",
    check_ids=("image-totals",),
    references=("stashapp/stash#6319",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise clients to drop the two fields; the saving was measured in this run."""
    finding = facts.failed("image-totals")
    if finding is None:
        return None
    extra, share = finding.value or 0.0, number(finding, "share_percent")
    count = words(finding, "image_count", "all")
    return META.advise(
        [finding],
        description=(
            f"Each view of the images page sums megapixels and file size over {count} images, which takes "
            f"{extra:.0f} ms."
        ),
        rationale=(
            f"Timed with and without the two fields in this run: {number(finding, 'with_totals_ms') or 0:.0f} ms "
            f"against {number(finding, 'plain_ms') or 0:.0f} ms. The estimate is the difference by the slower of the "
            "two."
        ),
        impact=Impact(
            performance_percent=share,
            complexity=4,
            basis=Basis.ESTIMATED,
            resources={"latency": f"{extra:.0f} ms less for each view"},
            affected="image lists",
        ),
        implementation=Implementation(
            steps=(
                "In your own clients and scripts: do not select megapixels and filesize in findImages.",
                "In the web interface: filter to a gallery, tag or path first, which makes the sums smaller.",
                "Upgrade when a release takes them out of the page (see the reference).",
                RERUN,
            ),
            estimated_minutes=15.0,
            requirements=("Clients of your own, or patience for a release.",),
            risks=("The totals are no longer shown.",),
        ),
        validation=check_passes(
            finding.id, finding.title, f"Image lists take about {number(finding, 'plain_ms') or 0:.0f} ms."
        ),
        rollback=Rollback(possible=True, steps=("Select the fields again.",), requirements=("None.",)),
        confidence=0.7,
    )
