"""Find out what a server without work writes."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="stop-idle-writes",
    type="stop-idle-writes",
    category=RecommendationCategory.SYSTEM,
    title="Find what keeps writing to disk while nothing is asked of the server",
    check_ids=("idle-writes",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Point from the rate to the usual writers: log, plugin, task."""
    finding = facts.failed("idle-writes")
    if finding is None:
        return None
    rate = finding.value or 0.0
    jobs = words(finding, "running_jobs")
    first = (
        f"A task was running meanwhile ({jobs}): wait for its end or stop it, then look again."
        if jobs
        else "No task was running, so look for what else writes:"
    )
    return META.advise(
        [finding],
        description=(
            f"The server's processes write {rate:.0f} KiB a second while nothing is asked of them: "
            f"{rate * 86400 / 2**20:.1f} GiB a day. Pages that read from the same disk wait for it."
        ),
        rationale=(
            f"Bytes the kernel counts as written by the process tree over {words(finding, 'observed_seconds', '3')} "
            f"s without requests from us: {rate:.0f} KiB/s."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={"disk_writes": f"about {rate:.0f} KiB/s less"},
            affected="everything that uses the same disk",
        ),
        implementation=Implementation(
            steps=(
                first,
                "See which file grows: ls -l /proc/STASH_PID/fd shows open files, fatrace or inotifywait shows writes.",
                "A log file: set the log level to Info and a limit to its size (Settings > System).",
                "A plugin: disable plugins one by one and watch the rate.",
                RERUN,
            ),
            estimated_minutes=30.0,
            requirements=("A shell on the server.",),
            risks=("Disabling a plugin turns its automation off.",),
        ),
        validation=check_passes(finding.id, finding.title, "The idle server writes less than 10 KiB a second."),
        rollback=Rollback(
            possible=True,
            steps=("Enable again what was disabled, and set the log level back.",),
            requirements=("None.",),
        ),
        confidence=0.9,
    )
