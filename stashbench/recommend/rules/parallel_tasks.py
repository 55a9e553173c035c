"""Run no more tasks than there are cores."""

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
    id="fewer-parallel-tasks",
    type="parallel-tasks",
    category=RecommendationCategory.CONFIGURATION,
    title="Lower the number of parallel tasks",
    check_ids=("parallel-tasks",),
    references=("stashapp/stash#2779", "stashapp/stash#4021"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise the automatic number, cores / 4 + 1."""
    finding = facts.failed("parallel-tasks")
    if finding is None:
        return None
    tasks, cores = words(finding, "parallel_tasks"), words(finding, "cores")
    return META.advise(
        [finding],
        description=(
            f"{tasks} tasks may run in parallel on {cores} cores. Each starts an ffmpeg that uses several cores "
            "itself, so pages stall while a task runs."
        ),
        rationale=(
            f"The configuration says {words(finding, 'setting')}; 0 means cores / 4 + 1. Which number is fastest on "
            "this machine only measuring several tells."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=1,
            basis=Basis.UNKNOWN,
            resources={"cpu": "left for pages while tasks run"},
            affected="pages while tasks run",
        ),
        implementation=Implementation(
            steps=(
                "Settings > System > Parallel scans/generation: 0 for automatic.",
                (
                    "Time the same generate task with 1, 2 and the automatic number, and keep the fastest that "
                    "leaves pages usable."
                ),
            ),
            estimated_minutes=20.0,
            requirements=("Access to the settings.",),
            risks=("Tasks may take longer.",),
        ),
        validation=check_passes(finding.id, finding.title, "Pages open while a task runs."),
        rollback=setting_rollback("parallel tasks", words(finding, "setting")),
        confidence=0.6,
    )
