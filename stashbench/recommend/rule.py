"""What a rule is: meta data that can be listed without running it, and a pure function from facts to one advice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from stashbench.model.base import Model
from stashbench.model.finding import Finding
from stashbench.model.recommendation import (
    Impact,
    Implementation,
    Proof,
    Recommendation,
    RecommendationCategory,
    Rollback,
    Validation,
)
from stashbench.recommend.facts import Facts
from stashbench.recommend.priority import effort_score, impact_score, priority_of, rank_score


class RuleMeta(Model, frozen=True, kw_only=True):
    """A rule by name. Two rules of one `type` recommend the same step and are merged; `after` orders the guide.

    `symptom_of` are rules whose cause can also bring about what this one answers: beside their advice it waits.
    `check_ids` are the checks whose failure the rule answers; `references` look like "stashapp/stash#6319".
    """

    id: str
    type: str
    category: RecommendationCategory
    title: str
    check_ids: tuple[str, ...]
    references: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    symptom_of: tuple[str, ...] = ()

    def advise(
        self,
        findings: Iterable[Finding],
        *,
        description: str,
        rationale: str,
        impact: Impact,
        implementation: Implementation,
        validation: Validation,
        rollback: Rollback,
        confidence: float,
        title: str = "",
        measurement_ids: tuple[str, ...] = (),
        proof: Proof | None = None,
    ) -> Recommendation:
        """Make the recommendation of this rule, scored and prioritised by the findings it answers."""
        answered = tuple(findings)
        impact_points = impact_score(answered, impact)
        effort_points = effort_score(impact, implementation)
        return Recommendation(
            id=self.id,
            type=self.type,
            category=self.category,
            priority=priority_of(impact_points),
            title=title or self.title,
            description=description,
            rationale=rationale,
            impact=impact,
            implementation=implementation,
            validation=validation,
            rollback=rollback,
            finding_ids=tuple(finding.id for finding in answered),
            measurement_ids=measurement_ids,
            references=self.references,
            confidence=confidence,
            impact_score=impact_points,
            effort_score=effort_points,
            rank_score=rank_score(impact_points, confidence, effort_points),
            proof=proof,
        )


class Rule(Protocol):
    """The two names a module in `recommend/rules/` must have."""

    META: RuleMeta

    def evaluate(self, facts: Facts) -> Recommendation | None:
        """Return the advice the facts call for, or None."""
        ...
