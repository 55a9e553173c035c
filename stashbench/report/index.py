"""The list of all audits as one static page: server by server, newest first, each run a link to its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from stashbench.model.result import AuditResult
from stashbench.model.target import TargetKind
from stashbench.report.html import environment
from stashbench.report.quantities import DASH
from stashbench.report.view.headline import ScoreView, view_headline
from stashbench.report.view.words import TARGETS, plural
from stashbench.report.visible import anchor


@dataclass(frozen=True, slots=True)
class RunView:
    """One run in words, with the address of its report relative to the index."""

    href: str
    verdict: str
    started_at: str
    date: str
    facts: str
    partial: bool
    score: ScoreView
    first: str


@dataclass(frozen=True, slots=True)
class TargetView:
    """The runs of one server, newest first."""

    anchor: str
    url: str
    kind: str
    runs: tuple[RunView, ...]


def render_index(results: Sequence[AuditResult], *, has_trend: bool = False) -> str:
    """Render `index.html`; the reports are expected at `<run id>/report.html` beside it, and `trend.html` if any."""
    ordered = sorted(results, key=lambda item: (item.started_at, item.run_id), reverse=True)
    # A server that we start gets another port each time; its runs belong together all the same.
    keys = dict.fromkeys((item.target.kind, _name(item)) for item in ordered)
    targets = tuple(
        TargetView(
            anchor=anchor("t", f"{kind.value} {name}"),
            url=name,
            kind=TARGETS[kind],
            runs=tuple(_view(item) for item in ordered if (item.target.kind, _name(item)) == (kind, name)),
        )
        for kind, name in keys
    )
    template = environment().get_template("index.html")
    return template.render(targets=targets, count=plural(len(ordered), "run"), none_word=DASH, has_trend=has_trend)


def _name(result: AuditResult) -> str:
    target = result.target
    if target.kind is TargetKind.ATTACHED:
        return target.url
    if target.kind is TargetKind.EMBEDDED:
        return "Embedded server"
    return f"Stash {target.server_version or 'of unknown version'}"


def _view(result: AuditResult) -> RunView:
    head = view_headline(result)
    return RunView(
        href=f"{quote(result.run_id, safe='')}/report.html",
        verdict=result.verdict,
        started_at=result.started_at,
        date=head.date,
        facts=head.facts,
        partial=result.partial,
        score=head.score,
        first=result.recommendations[0].title if result.recommendations else "",
    )
