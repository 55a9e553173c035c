"""Stored measurements to hold a run against, and what came of it."""

from __future__ import annotations

from stashbench.model.base import Model, Word
from stashbench.model.environment import Environment
from stashbench.model.measurement import Measurement
from stashbench.model.target import Target


class Verdict(Word):
    """What a comparison says; every verdict comes with a reason and an interval where one can be had."""

    REGRESSED = "regressed"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    INCONCLUSIVE = "inconclusive"
    NEW = "new"
    GONE = "gone"
    NOT_COMPARABLE = "not comparable"


class Baseline(Model):
    """One run's measurements kept under a name."""

    schema_version: int
    name: str
    created_at: str
    run_id: str
    environment: Environment
    target: Target
    measurements: tuple[Measurement, ...]
    note: str = ""


class Comparison(Model):
    """One benchmark against the baseline: ratio of medians (current / baseline), above 1 is slower.

    Statements are counted where both runs have a clean trace of the same request; `statement_change` says in words what
    changed, and is empty where the counts are as good as equal.
    """

    benchmark_id: str
    baseline_name: str
    verdict: Verdict
    reason: str
    ratio: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    threshold_ratio: float | None = None
    baseline_median_seconds: float | None = None
    current_median_seconds: float | None = None
    baseline_statement_count: int | None = None
    current_statement_count: int | None = None
    statement_change: str = ""
