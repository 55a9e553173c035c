"""The score of an audit: from outcomes to 0-100, null where it cannot be had, with bounds for what was not measured.

The method is documented for users in docs/scoring.md; the numbers below are all of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from stashbench.model.finding import CheckCategory, Finding, Outcome, Severity
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.recommendation import Recommendation
from stashbench.model.score import Band, CategoryScore, Score

GOOD_FROM = 90.0
FAIR_FROM = 50.0
WEIGHTS: dict[CheckCategory, float] = {
    CheckCategory.API: 30.0,
    CheckCategory.DATABASE: 30.0,
    CheckCategory.SYSTEM: 15.0,
    CheckCategory.STORAGE: 15.0,
    CheckCategory.CONFIGURATION: 10.0,
    # What the harness says about itself is about the audit, not about the server.
    CheckCategory.HARNESS: 0.0,
}
POINTS: dict[Severity, float] = {Severity.INFO: 95.0, Severity.WARNING: 50.0, Severity.CRITICAL: 0.0}
CAPS: dict[Severity, float] = {Severity.INFO: 100.0, Severity.WARNING: 89.0, Severity.CRITICAL: 49.0}
_UNKNOWN = (Outcome.NOT_MEASURED, Outcome.INCONCLUSIVE)


def score(
    findings: Iterable[Finding],
    measurements: Iterable[Measurement] = (),
    recommendations: Iterable[Recommendation] = (),
) -> Score:
    """Score every category and the whole; `low` and `high` bound what the unmeasured checks could make of it.

    A category with a check that errored has no score, and neither has then the whole: a number would hide the hole.
    """
    found, advice = list(findings), list(recommendations)
    broken = [item for item in measurements if item.outcome is MeasurementOutcome.FAILED]
    categories, bounds = [], []
    for category in CheckCategory:
        part = [finding for finding in found if finding.category is category]
        failures = [_finding_of(item) for item in broken] if category is CheckCategory.API else []
        if part or failures:
            categories.append(_category_score(category, [*part, *failures], advice))
            bounds.append((category, _bounds([*part, *failures])))
    return _overall(categories, bounds, [*found, *(_finding_of(item) for item in broken)])


def band_of(value: float | None) -> Band:
    """Put a score into words; None is unknown."""
    if value is None:
        return Band.UNKNOWN
    if value >= GOOD_FROM:
        return Band.GOOD
    return Band.FAIR if value >= FAIR_FROM else Band.POOR


def _finding_of(measurement: Measurement) -> Finding:
    """A page that could not be benchmarked because its request failed is a failed check of the API."""
    return Finding(
        id=measurement.id,
        title=measurement.title,
        category=CheckCategory.API,
        outcome=Outcome.FAILED,
        severity=Severity.WARNING,
        message=f"{measurement.title} could not be measured: {measurement.reason}",
    )


def _category_score(
    category: CheckCategory, findings: Sequence[Finding], recommendations: Sequence[Recommendation]
) -> CategoryScore:
    failed = [finding for finding in findings if finding.outcome is Outcome.FAILED]
    errored = [finding for finding in findings if finding.outcome is Outcome.ERROR]
    passed_count = sum(1 for finding in findings if finding.outcome is Outcome.PASSED)
    value, reason = _mean_points(findings), ""
    if errored:
        value, reason = None, f"{', '.join(finding.id for finding in errored)} ended in an error, so there is no score."
    elif value is None:
        reason = "None of its checks could be measured."
    ids = {finding.id for finding in failed}
    return CategoryScore(
        name=category.value,
        score=value,
        band=band_of(value),
        issues=tuple(finding.message or finding.title for finding in failed),
        recommendation_ids=tuple(
            item.id for item in recommendations if ids & {*item.finding_ids, *item.measurement_ids}
        ),
        passed_count=passed_count,
        failed_count=len(failed),
        unknown_count=sum(1 for finding in findings if finding.outcome in (*_UNKNOWN, Outcome.ERROR)),
        reason=reason,
    )


def _mean_points(findings: Sequence[Finding]) -> float | None:
    """Average the points of what was measured, capped by the worst failure; None when nothing was."""
    points = [_points(finding) for finding in findings if finding.outcome in (Outcome.PASSED, Outcome.FAILED)]
    if not points:
        return None
    return round(min(math.fsum(points) / len(points), _cap(findings)), 1)


def _points(finding: Finding) -> float:
    return 100.0 if finding.outcome is Outcome.PASSED else POINTS[finding.severity]


def _cap(findings: Iterable[Finding]) -> float:
    return min((CAPS[item.severity] for item in findings if item.outcome is Outcome.FAILED), default=100.0)


def _bounds(findings: Sequence[Finding]) -> tuple[float | None, float | None]:
    """Score the category as if all that is unknown had failed, and as if it had passed."""
    pessimistic = [_as_failed(item) if _is_unknown(item) else item for item in findings]
    optimistic = [_with(item, Outcome.PASSED, item.severity) if _is_unknown(item) else item for item in findings]
    return _mean_points(pessimistic), _mean_points(optimistic)


def _is_unknown(finding: Finding) -> bool:
    return finding.outcome in (*_UNKNOWN, Outcome.ERROR)


def _as_failed(finding: Finding) -> Finding:
    """Fail an unknown check as badly as its mark and its limits allow."""
    can_be_critical = finding.severity is Severity.CRITICAL or (
        finding.severity is Severity.WARNING
        and finding.threshold is not None
        and finding.threshold.critical is not None
    )
    return _with(finding, Outcome.FAILED, Severity.CRITICAL if can_be_critical else finding.severity)


def _with(finding: Finding, outcome: Outcome, severity: Severity) -> Finding:
    return Finding(
        id=finding.id,
        title=finding.title,
        category=finding.category,
        outcome=outcome,
        severity=severity,
        message=finding.message,
    )


def _overall(
    categories: Sequence[CategoryScore],
    bounds: Sequence[tuple[CheckCategory, tuple[float | None, float | None]]],
    findings: Sequence[Finding],
) -> Score:
    counted = [item for item in categories if WEIGHTS[CheckCategory(item.name)] > 0.0]
    server_side = [item for item in findings if WEIGHTS[item.category] > 0.0]
    cap = _cap(server_side)
    worst_cap = min([cap, *(_cap([_as_failed(item)]) for item in server_side if _is_unknown(item))])
    low = _weighted([(category, part[0]) for category, part in bounds], worst_cap)
    high = _weighted([(category, part[1]) for category, part in bounds], cap)
    value, reason = _weighted([(CheckCategory(item.name), item.score) for item in counted], cap), ""
    if low is not None and high is not None and value is not None:
        # A category that is wholly unknown counts in the bounds only, and must not push them past the score itself.
        low, high = min(low, value), max(high, value)
    errored = {item.category.value for item in server_side if item.outcome is Outcome.ERROR}
    if errored:
        value = None
        reason = "No overall score: " + " ".join(item.reason for item in counted if item.name in errored)
    elif value is None:
        reason = "No overall score, because no check of the server could be measured."
    return Score(overall=value, band=band_of(value), low=low, high=high, categories=tuple(categories), reason=reason)


def _weighted(parts: Iterable[tuple[CheckCategory, float | None]], cap: float) -> float | None:
    known = [(WEIGHTS[category], value) for category, value in parts if value is not None and WEIGHTS[category] > 0.0]
    if not known:
        return None
    # fsum, because sum() rounds differently from Python 3.12 on, and equal findings shall give equal scores.
    mean = math.fsum(weight * value for weight, value in known) / math.fsum(weight for weight, _ in known)
    return round(min(mean, cap), 1)
