"""Let websockets through."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="let-websockets-through",
    type="let-websockets-through",
    category=RecommendationCategory.SYSTEM,
    title="Let websockets through to the server",
    check_ids=("log-stream",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise a look at the proxy."""
    finding = facts.failed("log-stream")
    if finding is None:
        return None
    return META.advise(
        [finding],
        description=(
            "Websocket connections to the server fail. The web interface then shows no progress of tasks and no "
            "live log, and this audit cannot count statements."
        ),
        rationale=finding.message,
        impact=Impact(
            performance_percent=None,
            complexity=2,
            basis=Basis.UNKNOWN,
            resources={"visibility": "live progress and log"},
            affected="task page, log page, the statements in this report",
        ),
        implementation=Implementation(
            steps=(
                (
                    "In the reverse proxy, pass on the headers Upgrade and Connection for /graphql (nginx: "
                    "proxy_set_header Upgrade $http_upgrade)."
                ),
                "Raise its read timeout above 60 s, since a quiet log sends nothing.",
                RERUN,
            ),
            estimated_minutes=15.0,
            requirements=("Access to the proxy's settings.",),
            risks=("A proxy set up anew may cut off other users for a moment.",),
        ),
        validation=check_passes(finding.id, finding.title, "The task page shows progress without reloading."),
        rollback=Rollback(
            possible=True, steps=("Restore the former settings of the proxy.",), requirements=("A copy of them.",)
        ),
        confidence=0.7,
    )
