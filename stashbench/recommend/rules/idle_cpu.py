"""Find out what a server without work is computing."""

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
from stashbench.recommend.steps import RERUN, check_passes

META = RuleMeta(
    id="stop-idle-cpu-use",
    type="stop-idle-cpu-use",
    category=RecommendationCategory.SYSTEM,
    title="Find what keeps the CPU busy while nothing is asked of the server",
    check_ids=("idle-cpu",),
    references=("stashapp/stash#2779", "stashapp/stash#5762"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise a hunt from the cheapest suspect to the dearest: jobs, clients, plugins, left-over children."""
    finding = facts.failed("idle-cpu")
    if finding is None:
        return None
    percent = finding.value or 0.0
    jobs = words(finding, "running_jobs")
    cause = (
        f"A job was running meanwhile ({jobs}): wait for it or stop it before looking further."
        if jobs
        else "No job was running, so it is a plugin, a client that polls, or a child process that was left over."
    )
    return META.advise(
        [finding],
        description=(
            f"The server's processes used {percent:.0f} % of a core while this audit asked nothing of them. {cause} "
            "Every page shares the machine with that."
        ),
        rationale=(
            f"CPU time of the process tree over {words(finding, 'observed_seconds', '3')} s without requests from us: "
            f"{percent:.0f} % of a core; an idle Stash needs less than 1 %."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=3,
            basis=Basis.UNKNOWN,
            resources={"cpu": f"about {percent:.0f} % of a core back"},
            affected="every page and every job",
        ),
        implementation=Implementation(
            steps=(
                "Look at the task queue (Settings > Tasks) and stop what should not run.",
                (
                    "List the process tree: ps -o pid,ppid,pcpu,etime,args --forest -g STASH_PID; ffmpeg or plugin "
                    "processes without a job are left over and can be ended."
                ),
                "Close other clients (browser tabs, exporters, phones) one by one and watch the CPU.",
                "Disable plugins with hooks or background tasks one by one (Settings > Plugins).",
                RERUN,
            ),
            estimated_minutes=30.0,
            requirements=("A shell on the server.",),
            risks=("Ending a process of a running job loses that job's work.",),
        ),
        validation=check_passes("idle-cpu", finding.title, "The idle process tree stays below 5 % of a core."),
        rollback=Rollback(
            possible=True,
            steps=("Enable the plugin again or restart the client that was closed.",),
            requirements=("None.",),
        ),
        confidence=0.85 if not jobs else 0.6,
    )
