"""Ask for pages instead of whole lists."""

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
    check_passes,
)

META = RuleMeta(
    id="page-saved-filters",
    type="page-saved-filters",
    category=RecommendationCategory.WORKFLOW,
    title="Give saved filters a page size",
    check_ids=("unpaged-filter",),
    references=("stashapp/stash#3544",),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Name the filters that ask for everything."""
    finding = facts.failed("unpaged-filter")
    if finding is None:
        return None
    filters = rows(finding, "filters")
    names = ", ".join(str(row["name"]) for row in filters[:5])
    return META.advise(
        [finding],
        description=(
            f"{len(filters)} saved filters ask for whole lists ({names}). Each view then loads, sorts and sends "
            "everything, and the browser draws it."
        ),
        rationale="Read from the saved filters: a page size below 0 means no limit, and above 1,000 comes close to it.",
        impact=Impact(
            performance_percent=None,
            complexity=1,
            basis=Basis.UNKNOWN,
            resources={"latency": "in proportion to the rows that are not loaded"},
            affected="views that use these filters",
        ),
        implementation=Implementation(
            steps=("Open each of the filters, choose 40 to 120 items a page, and save it again under its name.",),
            estimated_minutes=5.0,
            requirements=("Access to the web interface.",),
            risks=("Longer lists have to be paged through.",),
        ),
        validation=check_passes(finding.id, finding.title, "No saved filter asks for a whole list."),
        rollback=Rollback(possible=True, steps=("Save the filter with its old page size.",), requirements=("None.",)),
        confidence=0.9,
    )
