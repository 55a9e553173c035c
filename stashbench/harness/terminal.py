"""What is said at the end of a run: verdict, score, the first three things to do, and where the report lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stashbench.model.finding import Outcome
from stashbench.model.measurement import MeasurementOutcome

if TYPE_CHECKING:
    import pytest
    from rich.console import Console

    from stashbench.harness.session import AuditSession
    from stashbench.model.result import AuditResult

TOP = 3


def facts_of(result: AuditResult) -> list[tuple[str, str]]:
    """Return the lines of the summary as (name, text)."""
    points = result.score
    score = "unknown" if points.overall is None else f"{points.overall:.0f} of 100 ({points.band})"
    measured = sum(1 for item in result.measurements if item.outcome is MeasurementOutcome.OK)
    failed = sum(1 for item in result.findings if item.outcome is Outcome.FAILED)
    lines = [
        ("Verdict", result.verdict),
        ("Score", score if points.overall is not None or not points.reason else f"unknown: {points.reason}"),
        ("Server", f"{result.target.url} (Stash {result.target.server_version or 'of unknown version'})"),
        ("Measured", f"{measured} of {len(result.measurements)} benchmarks, {len(result.findings)} checks"),
        ("Findings", f"{failed} failed checks"),
        (
            "Baseline",
            f"{result.baseline_name}: {result.baseline_reason}" if result.baseline_name else result.baseline_reason,
        ),
    ]
    return [(name, text) for name, text in lines if text]


def top_recommendations(result: AuditResult) -> list[str]:
    """Return the titles of the first three things to do."""
    return [f"{number}. {item.title}" for number, item in enumerate(result.recommendations[:TOP], start=1)]


def remarks_of(session: AuditSession) -> list[str]:
    """Return what a reader must know besides the numbers: why the run is partial, warnings, tests that failed."""
    result = session.result
    partial = [f"Partial: {reason}" for reason in result.partial_reasons] if result else []
    warnings = [f"Note: {warning}" for warning in result.warnings] if result else []
    failed = [f"Failed: {nodeid}: {reason}" for nodeid, reason in session.failed_tests.items()]
    unwritten = [f"Problem: {problem}" for problem in session.problems]
    return [*partial, *failed, *unwritten, *warnings]


def write_summary(reporter: pytest.TerminalReporter, session: AuditSession) -> None:
    """Write the summary as plain lines under pytest's own output."""
    reporter.write_sep("=", "stashbench")
    if session.error:
        reporter.write_line(f"No report: {session.error}")
        return
    result = session.result
    if result is None:
        return
    width = max(len(name) for name, _ in facts_of(result))
    for name, text in facts_of(result):
        reporter.write_line(f"{name:<{width}}  {text}")
    for line in top_recommendations(result) or ["Nothing to do."]:
        reporter.write_line(f"{'':<{width}}  {line}")
    for line in remarks_of(session):
        reporter.write_line(line)
    reporter.write_line(f"{'Report':<{width}}  {session.run_directory / 'report.html'}")


def print_summary(console: Console, session: AuditSession) -> None:
    """Print the summary as a table."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if session.error:
        console.print(Text(f"No report: {session.error}", style="bold red"))
        return
    result = session.result
    if result is None:
        return
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in facts_of(result):
        table.add_row(name, Text(text))
    table.add_row("Do first", Text("\n".join(top_recommendations(result) or ["Nothing to do."])))
    table.add_row("Report", Text(str(session.run_directory / "report.html")))
    console.print(table)
    for line in remarks_of(session):
        console.print(Text(line, style="yellow"), soft_wrap=True)
