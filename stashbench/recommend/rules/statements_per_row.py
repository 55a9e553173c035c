"""Ask for less than one statement for each row."""

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
    id="avoid-statements-per-row",
    type="statements-per-row",
    category=RecommendationCategory.WORKFLOW,
    title="Cut the statements a list runs for each row",
    check_ids=("statements-per-row",),
    references=("stashapp/stash#3891", "stashapp/stash#6398"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Name the list and its repeated statement."""
    finding = facts.failed("statements-per-row")
    if finding is None:
        return None
    operation = words(finding, "worst_operation", "a list")
    worst = next((row for row in rows(finding, "operations") if row["operation"] == operation), {})
    per_row = finding.value or 0.0
    return META.advise(
        [finding],
        title=f"Cut the statements {operation} runs for each row",
        description=(
            f"{operation} runs {per_row:.1f} statements for each row of a list that asks for nothing but ids and "
            f"names. At 1,000 rows a page that is {1000 * per_row:.0f} statements."
        ),
        rationale=(
            f"Counted in the server's own log at two page sizes: {worst.get('statement_count')} statements for "
            f"{worst.get('rows')} rows. The repeated one: {worst.get('statement')}"
        ),
        impact=Impact(
            performance_percent=None,
            complexity=5,
            basis=Basis.UNKNOWN,
            resources={"statements": f"about {per_row:.1f} fewer for each row"},
            affected=f"{operation} and the pages that use it",
        ),
        implementation=Implementation(
            steps=(
                (
                    "See which plugin or changed build adds the statement: disable plugins one by one and repeat; "
                    "compare with a released build."
                ),
                (
                    "In your own clients: ask for fewer nested fields and counts, and for smaller pages (per_page "
                    "40 instead of hundreds)."
                ),
                "Upgrade Stash: several releases removed such patterns.",
                RERUN,
            ),
            estimated_minutes=45.0,
            requirements=("Access to plugins and build of the server.",),
            risks=("Clients that need the fields that are dropped show less.",),
        ),
        validation=check_passes(
            finding.id, finding.title, f"{operation} runs the same number of statements for 5 and for 25 rows."
        ),
        rollback=Rollback(
            possible=True, steps=("Enable the plugins again, or ask for the fields again.",), requirements=("None.",)
        ),
        confidence=0.9,
    )
