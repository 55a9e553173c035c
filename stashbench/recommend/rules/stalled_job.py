"""Get a task moving again that stands still."""

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
    id="free-stalled-job",
    type="free-stalled-job",
    category=RecommendationCategory.WORKFLOW,
    title="Stop the task that stands still",
    check_ids=("stalled-job",),
    references=("stashapp/stash#6055",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise to look at the file the task stands at before stopping it."""
    finding = facts.failed("stalled-job")
    if finding is None:
        return None
    name = words(finding, "description", "the task")
    progress = number(finding, "progress")
    at = f"at {100 * progress:.0f} %" if progress is not None else "without any progress yet"
    return META.advise(
        [finding],
        title=f'Stop the task "{name}": it stands still {at}',
        description=f'The task "{name}" stands still {at}. Tasks run one at a time, so all others wait behind it.',
        rationale=(
            f"Watched for {words(finding, 'watched_seconds')} s: no progress, no change of its sub-tasks, while the "
            f"process tree used {number(finding, 'cpu_seconds') or 0:.2f} s of CPU and read "
            f"{(number(finding, 'read_bytes') or 0) / 1024:.0f} KiB. A large file would show as reading or computing."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={"queue": "the waiting tasks can run"},
            affected="all tasks in the queue",
        ),
        implementation=Implementation(
            steps=(
                "See which file it stands at: Settings > Tasks shows the sub-task, the log its path.",
                (
                    "Try to read that file (cp FILE /dev/null). If that hangs too, the drive or the network share "
                    "is the cause: mend that first."
                ),
                (
                    "If an ffmpeg or ffprobe process hangs without using CPU, end that process; the task then goes "
                    "on with the next file."
                ),
                "Stop the task (Settings > Tasks, or mutation stopJob) and start it again for the other folders.",
                RERUN,
            ),
            estimated_minutes=20.0,
            requirements=("Access to the task page and the media files.",),
            risks=("A stopped scan begins anew; what it has stored so far stays.",),
        ),
        validation=check_passes(finding.id, finding.title, "The task's progress moves, or the queue is empty."),
        rollback=Rollback(possible=True, steps=("Start the task again.",), requirements=("None.",)),
        confidence=0.95,
    )
