"""Find what a request waits for while the server computes nothing."""

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
    id="find-what-requests-wait-for",
    type="waiting-requests",
    category=RecommendationCategory.SYSTEM,
    title="Find what requests wait for",
    check_ids=("waiting-time",),
    references=("stashapp/stash#3336", "stashapp/stash#7188"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Name the operation that waits, and the suspects from the cheapest to look at to the dearest."""
    finding = facts.failed("waiting-time")
    if finding is None:
        return None
    operation = words(finding, "worst_operation", "a request")
    worst = next((row for row in rows(finding, "operations") if row["operation"] == operation), {})
    waiting, latency = float(worst.get("waiting_ms") or 0.0), float(worst.get("latency_ms") or 0.0)
    share = 100.0 * waiting / latency if latency else None
    sql = worst.get("logged_sql_ms")
    told = f"its statements log {float(sql):.0f} ms" if sql is not None else "its statements were not timed"
    return META.advise(
        [finding],
        title=f"Find what {operation} waits for: {waiting:.0f} ms pass without work",
        description=(
            f"{operation} takes {latency:.0f} ms, of which {waiting:.0f} ms pass without the server computing: "
            "something delays it that is neither its SQL nor its own work."
        ),
        rationale=(
            f"Fastest of {worst.get('rounds', 0)} rounds {latency:.0f} ms; CPU time of a round "
            f"{float(worst.get('cpu_ms') or 0.0):.0f} ms; {told}. The estimate is waiting / latency = {waiting:.0f} "
            f"/ {latency:.0f}: what could be saved if the wait went away."
        ),
        impact=Impact(
            performance_percent=share,
            complexity=5,
            basis=Basis.ESTIMATED,
            resources={"latency": f"up to {waiting:.0f} ms less for each {operation}"},
            affected=operation,
        ),
        implementation=Implementation(
            steps=(
                (
                    "Ask the server directly (curl to its own port on its own machine): if that is fast, the "
                    "reverse proxy in between delays this operation."
                ),
                "Disable plugins that hook into or wrap this operation (Settings > Plugins), one by one, and repeat.",
                (
                    "See in the log whether 'database is locked' or long tasks fall into the same time: a writer "
                    "outside Stash holds the file."
                ),
                (
                    "See whether the disk of the database is asleep, full, or on a network (iostat -x 1 while "
                    "repeating the request)."
                ),
                RERUN,
            ),
            estimated_minutes=45.0,
            requirements=("A shell on the server.", "Access to the settings of the proxy, if there is one."),
            risks=("Disabling a plugin turns its automation off.",),
        ),
        validation=check_passes(
            finding.id, finding.title, f"{operation} takes less than {max(latency - waiting, 1.0) * 2:.0f} ms."
        ),
        rollback=Rollback(
            possible=True,
            steps=("Enable again what was disabled, and restore the proxy's former settings.",),
            requirements=("A note of what was changed.",),
        ),
        confidence=0.85,
    )
