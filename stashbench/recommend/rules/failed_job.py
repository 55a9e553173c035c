"""See why a task failed and run it again."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, rows
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="repeat-failed-job",
    type="repeat-failed-job",
    category=RecommendationCategory.WORKFLOW,
    title="Find out why a task failed, and run it again",
    check_ids=("failed-job",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Quote the task and its error."""
    finding = facts.failed("failed-job")
    if finding is None:
        return None
    jobs = rows(finding, "jobs")
    name, error = (str(jobs[0]["description"]), str(jobs[0]["error"])) if jobs else ("a task", "")
    count = len(jobs)
    return META.advise(
        [finding],
        title=f'Find out why the task "{name}" failed, and run it again',
        description=(
            f'{count} of the latest tasks failed, the last one "{name}". What it should have done is not done: files '
            "are missing from the library or lack previews."
        ),
        rationale=f"Reported by the server for the tasks it still remembers: {error or 'it gave no error'}",
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={"library": "what the task should have added"},
            affected="what the task was for",
        ),
        implementation=Implementation(
            steps=(
                f"Read the error: {error or 'see the log at the time of the task'}",
                "A missing folder or drive: mount it, or remove it from Settings > Library.",
                "A missing ffmpeg: install it or set its path (Settings > System).",
                "Run the task again and watch it end.",
                RERUN,
            ),
            estimated_minutes=20.0,
            requirements=("Access to the settings and the media folders.",),
            risks=("Cleaning while a drive is missing would remove its files from the library: mount first.",),
        ),
        validation=check_passes(finding.id, finding.title, "The task ends as finished."),
        rollback=Rollback(
            possible=True,
            steps=("Nothing to undo: running a task again repeats what was asked for.",),
            requirements=("None.",),
        ),
        confidence=0.95,
    )
