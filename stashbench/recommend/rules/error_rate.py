"""Stop requests from failing."""

from __future__ import annotations

from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
)
from stashbench.recommend.facts import Facts, rows, words
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import (
    RERUN,
    check_passes,
)

META = RuleMeta(
    id="stop-request-errors",
    type="request-errors",
    category=RecommendationCategory.SYSTEM,
    title="Find out why requests fail",
    check_ids=("error-rate",),
    references=("stashapp/stash#3153", "stashapp/stash#5274", "stashapp/stash#4849"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Name the commonest error and where to look for its cause."""
    finding = facts.failed("error-rate")
    if finding is None:
        return None
    errors = rows(finding, "errors")
    commonest = str(errors[0]["message"]) if errors else "no message"
    is_locked = any("locked" in str(row["message"]).lower() for row in errors)
    cause = (
        "Find the other program that writes to the database file (plugins, backup tools, database browsers: lsof "
        "stash-go.sqlite) and stop it: Stash waits only 50 ms for a lock."
        if is_locked
        else "Read the server's log at the time of the errors: it holds the full message and the place."
    )
    return META.advise(
        [finding],
        description=(
            f"{finding.value:.1f} % of plain requests fail. Pages show holes or errors, and clients ask again, which "
            "adds load."
        ),
        rationale=(
            f"{words(finding, 'error_count')} of {words(finding, 'request_count')} small requests failed, most often "
            f"with: {commonest}"
        ),
        impact=Impact(
            performance_percent=None,
            complexity=4,
            basis=Basis.UNKNOWN,
            resources={"requests": "fewer repeated ones"},
            affected="every page",
        ),
        implementation=Implementation(
            steps=(
                cause,
                (
                    "Check the database: stop Stash, then sqlite3 stash-go.sqlite 'PRAGMA integrity_check;' must "
                    "answer ok."
                ),
                "Disable plugins, then see whether the errors stay.",
                "Upgrade Stash if a later release names this error in its changes.",
                RERUN,
            ),
            estimated_minutes=40.0,
            requirements=("A shell on the server.", "The server's log."),
            risks=("A damaged database must be restored from a backup, never repaired in place.",),
        ),
        validation=check_passes(finding.id, finding.title, "No request fails in the next audit."),
        rollback=Rollback(
            possible=True,
            steps=(
                "Enable the plugins again; a release can only be taken back together with a backup of its database.",
            ),
            requirements=("A backup made before.",),
        ),
        confidence=0.95,
    )
