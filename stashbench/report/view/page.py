"""The whole page as one view model."""

from __future__ import annotations

from dataclasses import dataclass

from stashbench.model.finding import Outcome
from stashbench.model.result import AuditResult
from stashbench.report.view import facts
from stashbench.report.view.advice import AdviceView, view_advice
from stashbench.report.view.benchmarks import GroupView, Unusable, view_groups, view_unusable
from stashbench.report.view.changes import ChangesView, view_changes
from stashbench.report.view.findings import CategoryView, view_findings
from stashbench.report.view.headline import Headline, view_headline
from stashbench.report.view.machine import LEAD, quality_of, selftest_rows
from stashbench.report.view.server_log import ServerLogView, view_server_log
from stashbench.report.view.statements import StatementsView, view_statements
from stashbench.report.view.timelines import TimelineView, view_timeline
from stashbench.report.view.trend import TrendView, view_trend
from stashbench.report.view.words import SEVERITIES, Chip, date_in_words
from stashbench.report.visible import anchor


@dataclass(frozen=True, slots=True)
class AlertView:
    """One alert in words."""

    chip: Chip
    message: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the template prints."""

    result: AuditResult
    headline: Headline
    advice: tuple[AdviceView, ...]
    order: tuple[tuple[str, str], ...]
    findings: tuple[CategoryView, ...]
    failed_count: int
    changes: ChangesView
    groups: tuple[GroupView, ...]
    unusable: tuple[Unusable, ...]
    statements: StatementsView
    server_log: ServerLogView
    timeline: TimelineView | None
    trend: TrendView | None
    alerts: tuple[AlertView, ...]
    target: facts.Rows
    machine: facts.Rows
    quality: facts.Rows
    quality_lead: str
    run: facts.Rows
    overhead: facts.Rows
    not_measured: facts.Rows
    not_offered: facts.Rows
    limits: tuple[tuple[str, str, str], ...]
    settings: facts.Rows
    packages: facts.Rows


def view_page(result: AuditResult) -> Page:
    """Build the page's view model; a pure function of the result."""
    findings = {item.id: item for item in result.findings}
    measurements = {item.id: item for item in result.measurements}
    return Page(
        result=result,
        headline=view_headline(result),
        advice=tuple(
            view_advice(item, rank, findings, measurements) for rank, item in enumerate(result.recommendations, 1)
        ),
        order=_order(result),
        findings=view_findings(result.findings, result.recommendations),
        failed_count=sum(item.outcome is Outcome.FAILED for item in result.findings),
        changes=view_changes(result),
        groups=view_groups(result),
        unusable=view_unusable(result.measurements),
        statements=view_statements(result),
        server_log=view_server_log(result),
        timeline=view_timeline(result),
        trend=view_trend(result),
        alerts=tuple(
            AlertView(
                SEVERITIES[item.severity],
                item.message,
                date_in_words(item.timestamp),
                "resolved" if item.resolved else "open",
            )
            for item in result.alerts
        ),
        target=facts.target_facts(result),
        machine=facts.machine_facts(result),
        quality=(*quality_of(result.machine, result.environment.cpu_count), *selftest_rows(result.selftest)),
        quality_lead=LEAD,
        run=facts.run_facts(result),
        overhead=facts.overhead_facts(result),
        not_measured=facts.not_measured(result),
        not_offered=facts.not_offered(result),
        limits=facts.limits_in_force(result),
        settings=tuple(sorted(result.settings.items())),
        packages=tuple(sorted(result.environment.packages.items())),
    )


def _order(result: AuditResult) -> tuple[tuple[str, str], ...]:
    """Return anchor and title of each step of the guide where it differs from the ranks: some advice needs other first.

    There is no anchor where the advice is not on the page.
    """
    known = {item.id: None for item in result.recommendations}
    if [step.recommendation_id for step in result.guide] == list(known):
        return ()
    return tuple(
        (anchor("r", step.recommendation_id) if step.recommendation_id in known else "", step.title)
        for step in result.guide
    )
