"""Findings by category, what needs attention first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stashbench.model.finding import CheckCategory, Finding, Outcome, Severity, Threshold
from stashbench.model.recommendation import Recommendation
from stashbench.report.charts.scale import Scale, linear_from_zero
from stashbench.report.quantities import quantity, tidy
from stashbench.report.view.evidence import Fact, Table, facts_of, tables_of
from stashbench.report.view.words import Chip, outcome_chip
from stashbench.report.visible import anchor

CATEGORY_NAMES = {
    CheckCategory.API: "API",
    CheckCategory.DATABASE: "Database",
    CheckCategory.SYSTEM: "System",
    CheckCategory.CONFIGURATION: "Configuration",
    CheckCategory.STORAGE: "Storage",
    CheckCategory.HARNESS: "The audit itself",
}
_ORDER = (Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.ERROR, Outcome.NOT_MEASURED)
_SEVERITY_ORDER = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)
_LOG_FROM_RATIO = 50


@dataclass(frozen=True, slots=True)
class Gauge:
    """Percent positions of a value and its limits on one bar; zones run towards the bad end."""

    value: float
    warning: float | None
    critical: float | None
    is_upper: bool


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding in words."""

    anchor: str
    id: str
    title: str
    chip: Chip
    message: str
    value: str
    limits: str
    source: str
    gauge: Gauge | None
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    confidence: str
    nodeid: str
    advice: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CategoryView:
    """Findings of one category: `open` need a look, `folded` do not."""

    name: str
    open: tuple[FindingView, ...]
    passed: tuple[FindingView, ...]
    not_applicable: tuple[FindingView, ...]


def view_findings(findings: Sequence[Finding], recommendations: Sequence[Recommendation]) -> tuple[CategoryView, ...]:
    """Sort findings into categories; those with the worst findings come first."""
    advice: dict[str, list[tuple[str, str]]] = {}
    for item in recommendations:
        for finding_id in item.finding_ids:
            advice.setdefault(finding_id, []).append((anchor("r", item.id), item.title))
    views: list[tuple[tuple[int, ...], CategoryView]] = []
    for category in CheckCategory:
        mine = [item for item in findings if item.category is category]
        if mine:
            views.append((_weight(category, mine), _category(category, mine, advice)))
    return tuple(view for _, view in sorted(views, key=lambda pair: pair[0]))


def _weight(category: CheckCategory, findings: Sequence[Finding]) -> tuple[int, ...]:
    """Order the server's areas by their failures; what the audit says about itself comes last."""
    failed = [item.severity for item in findings if item.outcome is Outcome.FAILED]
    return (category is CheckCategory.HARNESS, *(-failed.count(severity) for severity in _SEVERITY_ORDER))


def _category(
    category: CheckCategory, findings: Sequence[Finding], advice: Mapping[str, Sequence[tuple[str, str]]]
) -> CategoryView:
    ordered = sorted(
        (item for item in findings if item.outcome in _ORDER),
        key=lambda item: (_ORDER.index(item.outcome), _SEVERITY_ORDER.index(item.severity)),
    )

    def views(outcome: Outcome) -> tuple[FindingView, ...]:
        return tuple(view_finding(item, advice) for item in findings if item.outcome is outcome)

    return CategoryView(
        name=CATEGORY_NAMES[category],
        open=tuple(view_finding(item, advice) for item in ordered),
        passed=views(Outcome.PASSED),
        not_applicable=views(Outcome.NOT_APPLICABLE),
    )


def view_finding(finding: Finding, advice: Mapping[str, Sequence[tuple[str, str]]]) -> FindingView:
    """Put one finding into words."""
    unit = finding.unit or (finding.threshold.unit if finding.threshold else "")
    return FindingView(
        anchor=anchor("f", finding.id),
        id=finding.id,
        title=finding.title,
        chip=outcome_chip(finding),
        message=finding.message,
        value=quantity(finding.value, unit) if finding.value is not None else "",
        limits=limits_in_words(finding.threshold) if finding.threshold else "",
        source=finding.threshold.source if finding.threshold else "",
        gauge=_gauge(finding.value, finding.threshold),
        facts=facts_of(finding.evidence),
        tables=tables_of(finding.evidence),
        confidence=finding.confidence,
        nodeid=finding.nodeid,
        advice=tuple(advice.get(finding.id, ())),
    )


def limits_in_words(threshold: Threshold) -> str:
    """Write the limits, as in "warning from 200 ms, critical from 1 s"."""
    word = "from" if threshold.is_upper else "at or below"
    named = (("warning", threshold.warning), ("critical", threshold.critical))
    return ", ".join(
        f"{name} {word} {tidy(quantity(limit, threshold.unit))}" for name, limit in named if limit is not None
    )


def _gauge(value: float | None, threshold: Threshold | None) -> Gauge | None:
    if value is None or threshold is None or not math.isfinite(value):
        return None
    limits = [limit for limit in (threshold.warning, threshold.critical) if limit is not None]
    if not limits or min(value, *limits) < 0 or max(value, *limits) <= 0:
        return None
    scale = _gauge_scale([value, *limits])
    return Gauge(
        value=scale.percent(value),
        warning=None if threshold.warning is None else scale.percent(threshold.warning),
        critical=None if threshold.critical is None else scale.percent(threshold.critical),
        is_upper=threshold.is_upper,
    )


def _gauge_scale(values: Sequence[float]) -> Scale:
    low, high = min(values), max(values)
    if low > 0 and high / low > _LOG_FROM_RATIO:
        return Scale(low / 2, high * 2, is_log=True)
    return linear_from_zero(high * 1.1)
