"""Make previews cheaper."""

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
    id="cheaper-previews",
    type="preview-settings",
    category=RecommendationCategory.CONFIGURATION,
    title="Make previews with cheaper settings",
    check_ids=("preview-cost",),
    references=("stashapp/stash#305",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise the settings that multiply."""
    finding = facts.failed("preview-cost")
    if finding is None:
        return None
    preset = words(finding, "preset", "slow")
    return META.advise(
        [finding],
        description=(
            f"Each preview costs about {finding.value:.1f} times the work of Stash's defaults, mostly for preset "
            f"{preset}."
        ),
        rationale=(
            f"{finding.message} The encoder's speed at each preset is a rule of thumb, so the number weighs settings "
            "and promises no time."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=1,
            basis=Basis.UNKNOWN,
            resources={"cpu": "less while generating"},
            affected="generate tasks and scans that make previews",
        ),
        implementation=Implementation(
            steps=(
                "Settings > Tasks > Generate > preview options: preset fast or veryfast, 12 segments of 0.75 s.",
                "Leave out animated image previews, unless the wall needs them.",
                "Generate for a few scenes and look whether the quality still does.",
            ),
            estimated_minutes=5.0,
            requirements=("None.",),
            risks=("Larger files or worse pictures; previews that exist stay as they are.",),
        ),
        validation=check_passes(
            finding.id, finding.title, "Generating previews for ten scenes takes less time than before."
        ),
        rollback=setting_rollback("the preview preset", preset),
        confidence=0.6,
    )
