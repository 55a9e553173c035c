"""Make saving fast again."""

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
    id="speed-up-saving",
    type="slow-hooks",
    category=RecommendationCategory.CONFIGURATION,
    title="Find the hook that slows saving",
    check_ids=("slow-update",),
    references=("stashapp/stash#3336", "stashapp/stash#5951"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise looking at plugin hooks first: they run before the answer."""
    finding = facts.failed("slow-update")
    if finding is None:
        return None
    beyond = finding.value or 0.0
    median = number(finding, "median_ms") or beyond
    share = 100.0 * beyond / median if median else None
    return META.advise(
        [finding],
        description=(
            f"Saving a scene takes {median:.0f} ms. Hooks of plugins run before the answer, and scans and bulk edits "
            "call them for every item."
        ),
        rationale=(
            f"Median of several saves of one scene without a change: {median:.0f} ms, {beyond:.0f} ms of it beyond "
            f"the latency floor. The transaction itself takes a few milliseconds. The estimate is {beyond:.0f} / "
            f"{median:.0f}, as if no hook ran."
        ),
        impact=Impact(
            performance_percent=share,
            complexity=2,
            basis=Basis.ESTIMATED,
            resources={"latency": f"up to {beyond:.0f} ms less for each saved item"},
            affected="saving, bulk edits and scans",
        ),
        implementation=Implementation(
            steps=(
                "Read the log while saving: lines 'Plugin ... finished' tell which hook runs and how long.",
                "Disable plugins with hooks on Scene.Update.Post one by one (Settings > Plugins) and save again.",
                "Replace a hook by a task that runs once after a scan, where its author offers one.",
                RERUN,
            ),
            estimated_minutes=20.0,
            requirements=(
                "Access to the settings.",
                "--allow-writes for the next audit, so that saving is timed again.",
            ),
            risks=("What the hook did automatically has to be started by hand.",),
        ),
        validation=check_passes(finding.id, finding.title, "Saving takes less than 100 ms."),
        rollback=Rollback(possible=True, steps=("Enable the plugins again.",), requirements=("None.",)),
        confidence=0.9,
    )
