"""The score of an audit: null where it could not be had, never a made-up hundred."""

from __future__ import annotations

from stashbench.model.base import Model, Word


class Band(Word):
    """The score in words."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "unknown"


class CategoryScore(Model):
    """Score of one category, 0-100, or None with the reason why there is none."""

    name: str
    score: float | None
    band: Band
    issues: tuple[str, ...] = ()
    recommendation_ids: tuple[str, ...] = ()
    passed_count: int = 0
    failed_count: int = 0
    unknown_count: int = 0
    reason: str = ""


class Score(Model):
    """Overall score, 0-100, or None with the reason; `low` and `high` bound what the unmeasured could make of it."""

    overall: float | None
    band: Band
    low: float | None = None
    high: float | None = None
    categories: tuple[CategoryScore, ...] = ()
    reason: str = ""
