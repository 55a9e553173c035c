"""Log less."""

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
    id="lower-log-level",
    type="log-level",
    category=RecommendationCategory.CONFIGURATION,
    title="Set the log level to Info",
    check_ids=("log-level",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise Info where every statement is written."""
    finding = facts.failed("log-level")
    if finding is None:
        return None
    level = words(finding, "log_level", "Debug")
    return META.advise(
        [finding],
        title=f"Set the log level from {level} to Info",
        description=(
            f"At log level {level} the server writes a line for every SQL statement, about a hundred for each page "
            "view."
        ),
        rationale=(
            f"The configuration says {level}. This audit reads statements from the log stream, which carries them at "
            "any level, so nothing is lost with Info."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=1,
            basis=Basis.UNKNOWN,
            resources={"disk_writes": "about a hundred lines fewer for each page view"},
            affected="every request",
        ),
        implementation=Implementation(
            steps=(
                "Settings > System > Logging: set the log level to Info.",
                "Set a limit to the log file's size (Stash 0.30 or newer), or rotate it from outside.",
            ),
            estimated_minutes=2.0,
            requirements=("Access to the settings.",),
            risks=("Less detail in the log when looking for a fault.",),
        ),
        validation=check_passes(finding.id, finding.title, "The log grows by a few lines a day only."),
        rollback=setting_rollback("the log level", level),
        confidence=0.95,
    )
