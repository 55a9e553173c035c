"""The trend page in words: of each server the events, each benchmark's line with its levels, and the runs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from stashbench.analyse.attribution import Cause
from stashbench.analyse.change_points import LEAST_RUNS
from stashbench.analyse.trend_events import TrendFindings, by_machine, find_events
from stashbench.model.target import TargetKind
from stashbench.model.text import one_line
from stashbench.model.trend import ServerTrend, TrendRun
from stashbench.report.quantities import DASH
from stashbench.report.view.trend_events import EventView, href_of, view_event
from stashbench.report.view.trend_lines import LineView, view_line
from stashbench.report.view.words import TARGETS, date_in_words, plural
from stashbench.report.visible import anchor

_LONGEST = 300
_PERSISTENT = 0.2


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in the table of a server's runs; `href` is empty where its report is gone."""

    href: str
    date: str
    release: str
    scenes: str
    changes: str
    remarks: str


@dataclass(frozen=True, slots=True)
class ServerView:
    """One server, or one machine's part of its history."""

    anchor: str
    name: str
    kind: str
    notes: tuple[str, ...]
    events: tuple[EventView, ...]
    lines: tuple[LineView, ...]
    runs: tuple[RunRow, ...]


def view_trends(trends: Collection[ServerTrend], reports: Collection[str] = ()) -> tuple[ServerView, ...]:
    """Return the servers in the order given; runs named in `reports` are linked to their reports."""
    parts = [(part, len(split)) for trend in trends for split in (by_machine(trend),) for part in split]
    return tuple(_server(find_events(part), frozenset(reports), is_split=count > 1) for part, count in parts)


def _server(findings: TrendFindings, reports: Collection[str], *, is_split: bool) -> ServerView:
    trend = findings.trend
    name = _name(trend, is_split=is_split)
    marks: dict[int, list[Cause]] = {}
    for cause in findings.changes:
        marks.setdefault(cause.run, []).append(cause)
    words = {run: one_line("; ".join(cause.text for cause in causes), _LONGEST) for run, causes in marks.items()}
    return ServerView(
        anchor=anchor("s", f"{name} {trend.runs[0].circumstances.fingerprint if is_split else ''}"),
        name=name,
        kind=TARGETS[trend.kind],
        notes=_notes(findings, is_split=is_split),
        events=tuple(view_event(event, trend.runs, reports) for event in reversed(findings.events)),
        lines=tuple(view_line(findings, line, words, name) for line in trend.lines),
        runs=tuple(_run(run, words.get(place, DASH), reports) for place, run in reversed(tuple(enumerate(trend.runs)))),
    )


def _name(trend: ServerTrend, *, is_split: bool) -> str:
    newest = trend.runs[-1].circumstances
    scenes = plural(newest.library["scene"], "scene") if "scene" in newest.library else "a library of unknown size"
    names = {
        TargetKind.ATTACHED: trend.address,
        TargetKind.EMBEDDED: f"Embedded server with {scenes}",
        TargetKind.MANAGED: f"Stash started by stashbench with {scenes}",
    }
    machine = newest.machine.get("cpu_model") or f"fingerprint {newest.fingerprint}"
    return one_line(f"{names[trend.kind]}, on {machine}" if is_split else names[trend.kind], _LONGEST)


def _notes(findings: TrendFindings, *, is_split: bool) -> tuple[str, ...]:
    trend = findings.trend
    notes = []
    if trend.run_count > len(trend.runs) and not is_split:
        notes.append(f"The newest {len(trend.runs)} of {plural(trend.run_count, 'run')} are shown.")
    if is_split:
        notes.append(
            "Runs from several machines take turns in this history, so each machine has a part of its own: times of "
            "one machine say nothing about those of another."
        )
    usable = len(trend.runs) - len(findings.left_out)
    if usable < LEAST_RUNS:
        notes.append(f"Changes are looked for from {LEAST_RUNS} runs on; here are {usable} that count.")
    if findings.left_out:
        notes.append(
            f"{plural(len(findings.left_out), 'run was', 'runs were')} measured on a disturbed machine: shown as "
            "squares, and left out of the search for changes."
        )
    elif any(run.is_unfit for run in trend.runs):
        notes.append(
            "So many runs were measured on a disturbed machine (shown in the table) that all of them count; a change "
            "must stand out from the noise that makes."
        )
    if findings.persistence >= _PERSISTENT:
        notes.append(
            "Runs here resemble the ones just before them, as on a machine that is busy for hours; a change must "
            "stand out further before it is shown."
        )
    return tuple(notes)


def _run(run: TrendRun, changes: str, reports: Collection[str]) -> RunRow:
    known = run.circumstances
    remarks = [word for word, holds in (("partial", run.is_partial), ("disturbed machine", run.is_unfit)) if holds]
    return RunRow(
        href=href_of(run, reports),
        date=date_in_words(run.started_at),
        release=one_line(known.server_version or "unknown", _LONGEST),
        scenes=f"{known.library['scene']:,}" if "scene" in known.library else "unknown",
        changes=changes,
        remarks=", ".join(remarks) or DASH,
    )
