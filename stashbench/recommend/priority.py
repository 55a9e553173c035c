"""Impact, effort and rank of an advice: rank = impact x confidence / effort, all three kept for the reader to see.

* impact: points of the worst finding the advice answers (info 1, warning 10, critical 30), times 1 + the share of time
  it is expected to save (0-1; unknown counts as 0), so at most doubled.
* confidence: 0-1, set by the rule: how sure it is that its advice answers the cause and not a symptom.
* effort: square root of the complexity (1-10) times 1 + log10(1 + minutes / 10), so from 1 to about 9.

Roots and logarithms keep a trivial setting from outranking a critical fault that takes an hour to mend, while of two
answers to equally bad findings the easier one comes first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from stashbench.model.finding import Finding, Severity
from stashbench.model.recommendation import Impact, Implementation, Priority, Recommendation

SEVERITY_POINTS: dict[Severity, float] = {Severity.INFO: 1.0, Severity.WARNING: 10.0, Severity.CRITICAL: 30.0}
HIGH_FROM = 15.0
MEDIUM_FROM = 5.0


def impact_score(findings: Sequence[Finding], impact: Impact) -> float:
    """Score what is at stake (1-60): the worst finding answered, raised by the expected saving."""
    worst = max((SEVERITY_POINTS[finding.severity] for finding in findings), default=SEVERITY_POINTS[Severity.INFO])
    saving = min(max(impact.performance_percent or 0.0, 0.0), 100.0) / 100.0
    return round(worst * (1.0 + saving), 2)


def effort_score(impact: Impact, implementation: Implementation) -> float:
    """Score what it takes (1 to about 9): complexity and time, both damped."""
    minutes = max(implementation.estimated_minutes, 0.0)
    return round(math.sqrt(min(max(impact.complexity, 1), 10)) * (1.0 + math.log10(1.0 + minutes / 10.0)), 2)


def rank_score(impact_points: float, confidence: float, effort_points: float) -> float:
    """Combine the three into the number that advice is sorted by."""
    return round(impact_points * confidence / effort_points, 3)


def priority_of(impact_points: float) -> Priority:
    """Put the impact into a word: info findings stay low, warnings are medium or high, critical ones critical."""
    if impact_points >= SEVERITY_POINTS[Severity.CRITICAL]:
        return Priority.CRITICAL
    if impact_points >= HIGH_FROM:
        return Priority.HIGH
    return Priority.MEDIUM if impact_points >= MEDIUM_FROM else Priority.LOW


def in_order(recommendations: Sequence[Recommendation]) -> list[Recommendation]:
    """Sort by rank, then impact, then id, so that equal input always gives equal order."""
    return sorted(recommendations, key=lambda item: (-item.rank_score, -item.impact_score, item.id))
