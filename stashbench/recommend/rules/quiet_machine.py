"""Measure on a quiet machine."""

from __future__ import annotations

import msgspec

from stashbench.model.finding import Severity
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
    id="quiet-machine",
    type="quiet-machine",
    category=RecommendationCategory.WORKFLOW,
    title="Repeat the audit on a quiet machine",
    check_ids=("cpu-steal", "foreign-load"),
)


def evaluate(facts: Facts) -> Recommendation | None:
    """Advise a repetition where the machine, not the server, made the times."""
    finding = facts.failed("cpu-steal") or facts.failed("foreign-load")
    if finding is None:
        return None
    # It says nothing about the server, so it must not stand before what does.
    finding = msgspec.structs.replace(finding, severity=Severity.INFO)
    return META.advise(
        [finding],
        description=f"The machine was not quiet while this audit ran: {finding.message}",
        rationale=(
            "Watched while the server was idle. Times of this run are longer and less steady than the server's own, "
            "and comparisons with a baseline mean less."
        ),
        impact=Impact(
            performance_percent=None,
            complexity=2,
            basis=Basis.UNKNOWN,
            resources={"certainty": "narrower intervals"},
            affected="the times of this report, not the server",
        ),
        implementation=Implementation(
            steps=(
                "See what else runs (top) and let it end, or choose a time at night.",
                "On a virtual machine with much steal: ask for dedicated cores, or measure on another machine.",
                RERUN,
            ),
            estimated_minutes=15.0,
            requirements=("None.",),
            risks=("None for the server.",),
        ),
        validation=check_passes(
            finding.id, finding.title, "The benchmarks' intervals are narrower than in this report."
        ),
        rollback=Rollback(possible=True, steps=("Nothing to undo: nothing was changed.",), requirements=("None.",)),
        confidence=0.5,
    )
