"""What to do about findings: the fields of `OptimizationRecommendation` in the source design, with units."""

from __future__ import annotations

from stashbench.model.base import Model, Word


class RecommendationCategory(Word):
    """Where the change is made."""

    DATABASE = "database"
    SYSTEM = "system"
    CONFIGURATION = "configuration"
    WORKFLOW = "workflow"


class Priority(Word):
    """How soon."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Basis(Word):
    """How we know the promised gain."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"


class Impact(Model):
    """Expected effect: `performance_percent` is the share of time saved (0-100), None when unknown.

    `resources` maps a resource (`disk_bytes`, `memory_bytes`, ...) to the expected change in words;
    `complexity` is 1 (a click) to 10 (a project).
    """

    performance_percent: float | None
    complexity: int
    basis: Basis
    resources: dict[str, str] = {}
    affected: str = ""


class Implementation(Model):
    """How to do it."""

    steps: tuple[str, ...]
    estimated_minutes: float
    requirements: tuple[str, ...]
    risks: tuple[str, ...]


class Validation(Model):
    """How to see that it worked."""

    metrics: tuple[str, ...]
    tests: tuple[str, ...]
    success_criteria: tuple[str, ...]


class Rollback(Model):
    """How to undo it."""

    possible: bool
    steps: tuple[str, ...]
    requirements: tuple[str, ...]


class Proof(Model):
    """An experiment on a private copy: the gain as a ratio of times (after / before) with its 95 % interval."""

    ratio: float
    ci_low: float
    ci_high: float
    price: str
    was_rolled_back: bool
    description: str


class Recommendation(Model):
    """One ranked piece of advice. `rank_score` is impact score x confidence / effort score."""

    id: str
    type: str
    category: RecommendationCategory
    priority: Priority
    title: str
    description: str
    rationale: str
    impact: Impact
    implementation: Implementation
    validation: Validation
    rollback: Rollback
    finding_ids: tuple[str, ...]
    measurement_ids: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    confidence: float = 0.5
    impact_score: float = 0.0
    effort_score: float = 1.0
    rank_score: float = 0.0
    proof: Proof | None = None
