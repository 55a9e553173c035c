"""Let the graphics card transcode."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
)
from stashbench.recommend.facts import Facts, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    check_passes,
    setting_rollback,
)

META = RuleMeta(
    id="use-hardware-encoding",
    type="use-hardware-encoding",
    category=RecommendationCategory.CONFIGURATION,
    title="Use hardware encoding for live transcodes",
    check_ids=("hardware-encoding",),
    references=("stashapp/stash#3419", "stashapp/stash#5731"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise it only where the server itself found working encoders."""
    finding = facts.failed("hardware-encoding")
    if finding is None:
        return None
    codecs = words(finding, "codecs", "some")
    return META.advise(
        [finding],
        description=f"The server found working hardware encoders ({codecs}) but transcodes on the CPU.",
        rationale=(
            f"The server's log lists {codecs} as usable at its start, and the configuration says hardware "
            "acceleration is off. It serves live transcodes only; previews do not get faster."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=2,
            basis=Basis.UNKNOWN,
            resources={"cpu": "most of a live transcode's share"},
            affected="playing files the browser cannot play itself",
        ),
        implementation=Implementation(
            steps=(
                "Settings > System > Transcoding: hardware acceleration on.",
                "Play a file that needs a transcode, at several resolutions, and watch the CPU.",
            ),
            estimated_minutes=10.0,
            requirements=("The device must be passed into a container (--device /dev/dri).",),
            risks=("Some cards make broken streams with some files.",),
        ),
        validation=check_passes(
            finding.id, finding.title, "A live transcode starts within two seconds and uses less CPU."
        ),
        rollback=setting_rollback("hardware acceleration", "off"),
        confidence=0.6,
    )
