"""Keep a leaking server from filling the memory."""

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
    id="contain-memory-growth",
    type="contain-memory-growth",
    category=RecommendationCategory.SYSTEM,
    title="Contain the growth of the server's memory",
    check_ids=("memory-growth",),
    references=("stashapp/stash#2195", "stashapp/stash#6794", "stashapp/stash#5762"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Say how fast memory grows and how long what is left lasts."""
    finding = facts.failed("memory-growth")
    if finding is None:
        return None
    slope = number(finding, "slope_bytes_per_request") or 0.0
    available = number(facts.finding("available-memory"), "available_bytes")
    lasts = (
        f" At that rate {available / slope / 1e6:.1f} million requests fill the memory left."
        if available and slope > 0
        else ""
    )
    return META.advise(
        [finding],
        description=(
            f"The server keeps about {slope / 1024:.1f} KiB of every request, also of one that needs no data.{lasts}"
        ),
        rationale=(
            f"Median slope of resident memory over {words(finding, 'request_count')} equal requests: {slope:.0f} "
            f"bytes a request, 95 % interval [{number(finding, 'slope_low') or 0:.0f}, "
            f"{number(finding, 'slope_high') or 0:.0f}]; the lower end is above the limit, so it is not a single "
            "step."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=4,
            basis=Basis.UNKNOWN,
            resources={"memory_bytes": f"{slope:.0f} bytes fewer for each request"},
            affected="the whole server, in the long run",
        ),
        implementation=Implementation(
            steps=(
                "Upgrade to the newest release of Stash; several leaks were mended.",
                (
                    "Until then restart the server regularly, at a time when no task runs, and limit its memory so "
                    "that it cannot take the machine with it (docker: mem_limit, systemd: MemoryMax=)."
                ),
                "Disable plugins one by one and repeat: a plugin's process counts as the server's.",
                RERUN,
            ),
            estimated_minutes=30.0,
            requirements=("A way to restart the server.",),
            risks=("A restart drops the task queue; a limit that is too low ends the server.",),
        ),
        validation=check_passes(finding.id, finding.title, "Memory stays level over a day of normal use."),
        rollback=Rollback(
            possible=True, steps=("Remove the restart schedule and the memory limit.",), requirements=("None.",)
        ),
        confidence=0.9,
    )
