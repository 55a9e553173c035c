"""What is said at the end of a run: verdict, score, the first three things to do, and where the report lies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from stashbench.analyse.work_steps import STEPS
from stashbench.model.text import visible

if TYPE_CHECKING:
    import pytest
    from rich.console import Console

    from stashbench.harness.session import AuditSession
    from stashbench.model.baseline import Comparison
    from stashbench.model.result import AuditResult

TOP = 3


def facts_of(result: AuditResult) -> list[tuple[str, str]]:
    """Return the lines of the summary as (name, text)."""
    points = result.score
    score = f"unknown: {points.reason}" if points.overall is None else f"{points.overall:.0f} of 100 ({points.band})"
    baseline = result.baseline_reason
    if result.baseline_name:
        baseline = f"{result.baseline_name}: {baseline}"
    lines = [
        ("Verdict", result.verdict),
        ("Score", score),
        ("Server", result.target.name),
        ("Pages", _counts([str(item.outcome) for item in result.measurements], "tried", {"ok": "measured"})),
        ("Checks", _counts([str(item.outcome) for item in result.findings], "run", {})),
        ("Baseline", baseline),
        ("Slower", _slower(result)),
        ("Statements", _more_statements(result)),
    ]
    return [(name, visible(text)) for name, text in lines if text]


def _counts(outcomes: list[str], verb: str, words: dict[str, str]) -> str:
    """Return e.g. "35 run: 32 passed, 2 failed, 1 not measured"."""
    if not outcomes:
        return ""
    counted = Counter(words.get(outcome, outcome) for outcome in outcomes)
    parts = [f"{count} {word}" for word, count in counted.most_common() if word]
    total = f"{len(outcomes)} {verb}"
    return f"{total}: {', '.join(parts)}" if parts else total


def _slower(result: AuditResult) -> str:
    """Name the pages that regressed, the worst first."""
    worse = [item for item in result.comparisons if item.is_counted_regression]
    worse.sort(key=lambda item: item.ratio or 0.0, reverse=True)
    named = [f"{item.benchmark_id} {item.ratio or 0.0:.2f}x" for item in worse[:TOP]]
    rest = [f"and {len(worse) - TOP} more"] if len(worse) > TOP else []
    return ", ".join([*named, *rest])


def _more_statements(result: AuditResult) -> str:
    """Name the pages whose statements or their steps changed, the greatest change of numbers first."""
    changed = [item for item in result.comparisons if item.statement_change]
    changed.sort(key=lambda item: -abs((item.current_statement_count or 0) - (item.baseline_statement_count or 0)))
    named = [f"{item.benchmark_id} {_other_work(item)}" for item in changed[:TOP]]
    return ", ".join([*named, *([f"and {len(changed) - TOP} more"] if len(changed) > TOP else [])])


def _other_work(item: Comparison) -> str:
    """Say what changed, without the statement: that is a server's text, and long."""
    before, now = item.baseline_statement_count or 0, item.current_statement_count or 0
    steps, found, _ = item.statement_change.partition(STEPS)
    return f"{steps}{found}" if before == now and found else f"{before:,} before, {now:,} now"


def top_recommendations(result: AuditResult) -> list[str]:
    """Return the titles of the first three things to do."""
    return [f"{number}. {visible(item.title)}" for number, item in enumerate(result.recommendations[:TOP], start=1)]


def remarks_of(session: AuditSession) -> list[str]:
    """Return what a reader must know besides the numbers: why the run is partial, warnings, tests that failed."""
    result = session.result
    partial = [f"Partial: {reason}" for reason in result.partial_reasons] if result else []
    warnings = [f"Note: {warning}" for warning in result.warnings] if result else []
    failed = [f"Failed: {nodeid}: {reason}" for nodeid, reason in session.failed_tests.items()]
    if result is not None and session.settings.audit.fail_on == "regression" and result.baseline_name is None:
        warnings.append(f"Note: --fail-on regression had nothing to compare with: {result.baseline_reason}")
    unwritten = [f"Problem: {problem}" for problem in session.problems]
    return [visible(line) for line in (*partial, *failed, *unwritten, *warnings)]


def write_summary(reporter: pytest.TerminalReporter, session: AuditSession) -> None:
    """Write the summary as plain lines under pytest's own output."""
    reporter.write_sep("=", "stashbench")
    if session.error:
        reporter.write_line(f"No report: {visible(session.error)}")
        return
    result = session.result
    if result is None:
        return
    width = max(len(name) for name, _ in facts_of(result))
    for name, text in facts_of(result):
        reporter.write_line(f"{name:<{width}}  {text}")
    for line in top_recommendations(result) or ["No recommendations."]:
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
        console.print(Text(f"No report: {visible(session.error)}", style="bold red"))
        return
    result = session.result
    if result is None:
        return
    table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in facts_of(result):
        table.add_row(name, Text(text))
    table.add_row("Do first", Text("\n".join(top_recommendations(result) or ["No recommendations."])))
    table.add_row("Report", Text(str(session.run_directory / "report.html")))
    console.print(table)
    for line in remarks_of(session):
        console.print(Text(line, style="yellow"), soft_wrap=True)
