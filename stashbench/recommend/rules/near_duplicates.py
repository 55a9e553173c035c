"""Search for near duplicates rarely: its cost grows with the square of the library."""

from __future__ import annotations

from stashbench.model.measurement import Measurement
from stashbench.model.recommendation import (
    Basis,
    Impact,
    Implementation,
    Recommendation,
    RecommendationCategory,
    Rollback,
    Validation,
)
from stashbench.recommend.facts import Facts
from stashbench.recommend.rule import RuleMeta
from stashbench.recommend.steps import RERUN

META = RuleMeta(
    id="search-near-duplicates-rarely",
    type="search-near-duplicates-rarely",
    category=RecommendationCategory.WORKFLOW,
    title="Search for exact duplicates first, near ones rarely",
    check_ids=(),
    references=("stashapp/stash#4828",),
)
SLOW_SECONDS = 5.0
_PAGE = "Scene duplicate checker"


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise exact search first where this run's near-duplicate benchmark took more than five seconds."""
    slow = [item for item in facts.measurements if item.page == _PAGE and _median(item) >= SLOW_SECONDS]
    if not slow:
        return None
    worst = max(slow, key=lambda item: (_median(item), item.id))
    seconds = _median(worst)
    scenes = facts.target.library.scene_count
    size = f"{scenes} scenes" if scenes else "this library"
    return META.advise(
        (),
        description=(
            f"{worst.title} takes {seconds:.0f} s for {size}. Near duplicates are found by comparing every pair, so at "
            f"twice the library it takes about {4 * seconds:.0f} s, during which one core is busy."
        ),
        rationale=(
            f"Median of this run's benchmark: {seconds:.1f} s. Twice the scenes make four times the pairs; that the "
            "time follows the pairs is how the search works, not something this run measured."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=1,
            basis=Basis.UNKNOWN,
            resources={"cpu": f"{seconds:.0f} s of a core less for each search left out"},
            affected="the scene duplicate checker",
        ),
        implementation=Implementation(
            steps=(
                (
                    "In the duplicate checker choose search accuracy Exact and clear those first: one statement "
                    "finds them."
                ),
                "Limit the difference in duration, which drops most pairs.",
                "Search with lower accuracy at night, and raise the proxy's read timeout above the time above.",
                RERUN,
            ),
            estimated_minutes=5.0,
            requirements=("None.",),
            risks=("Near duplicates are found later.",),
        ),
        validation=Validation(
            metrics=(f'median of the benchmark "{worst.title}"',),
            tests=(RERUN,),
            success_criteria=("The search answers before the client or the proxy gives up.",),
        ),
        rollback=Rollback(possible=True, steps=("Choose the former accuracy again.",), requirements=("None.",)),
        confidence=0.9,
        measurement_ids=(worst.id,),
    )


def _median(measurement: Measurement) -> float:
    return measurement.statistics.median_seconds if measurement.statistics else 0.0
