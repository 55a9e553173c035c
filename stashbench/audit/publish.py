"""Writes what a run leaves: the result first, then everything that can be made from it again.

reports/<run-id>/  result.json, report.html, summary.md, junit.xml (benchmark.json is pytest-benchmark's own)
reports/latest/    a copy of the newest run
reports/index.html, reports/trend.html, reports/history.sqlite   over all runs
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from stashbench.audit.assembly import HISTORY_NAME
from stashbench.audit.failure import failure_in_words
from stashbench.errors import StashbenchError
from stashbench.model.result import AuditResult
from stashbench.store.atomic import store_error, write_atomically
from stashbench.store.journal import JOURNAL_NAME
from stashbench.store.results import RESULT_NAME, read_result, write_result

LATEST = "latest"
TREND_NAME = "trend.html"


def write_run(result: AuditResult, report_directory: Path, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Write a run's files and bring index, history and `latest` up to date; return what could not be written, and why.

    Raises:
        StoreError: not even the result could be written.
    """
    directory = report_directory / result.run_id
    write_result(directory, result)
    environ = os.environ if environ is None else environ
    problems: list[str] = []
    steps: dict[str, Callable[[], object]] = {
        "report.html": lambda: _write_html(directory, result),
        "summary.md": lambda: _write_summary(directory, result, environ),
        "junit.xml": lambda: _write_junit(directory, result),
        HISTORY_NAME: lambda: _add_to_history(report_directory, result),
        LATEST: lambda: _copy_to_latest(report_directory, directory),
        TREND_NAME: lambda: publish_trend(report_directory),
        "index.html": lambda: publish_index(report_directory),
    }
    for name, step in steps.items():
        try:
            step()
        # The result is safe already; a report that cannot be made must not look like an audit that failed.
        except Exception as error:  # noqa: BLE001
            problems.append(f"{name} was not written: {failure_in_words(error)}")
    return tuple(problems)


def rescue_result(result: AuditResult) -> Path:
    """Write a result into a new temporary folder, because the report folder did not take it; return the folder.

    Raises:
        StoreError: it cannot be written there either.
    """
    prefix = f"stashbench-result-{result.run_id}-"
    try:
        directory = Path(tempfile.mkdtemp(prefix=prefix))
    except OSError as error:
        raise store_error(Path(tempfile.gettempdir()) / prefix, error) from error
    try:
        write_result(directory, result)
    except StashbenchError:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    return directory


def publish_index(report_directory: Path) -> Path:
    """Write `index.html` over all runs in a folder, newest first; a run whose result cannot be read is left out."""
    from stashbench.report.index import render_index

    results = []
    for path in sorted(report_directory.glob(f"*/{RESULT_NAME}"), reverse=True):
        if path.parent.name == LATEST:
            continue
        try:
            results.append(read_result(path))
        except StashbenchError:
            continue
    index = report_directory / "index.html"
    has_trend = (report_directory / TREND_NAME).is_file()
    write_atomically(index, render_index(results, has_trend=has_trend).encode())
    return index


def publish_trend(report_directory: Path) -> Path:
    """Write `trend.html`: how the benchmarks of each server moved over all runs that the history knows."""
    from stashbench.report.trend import render_trend
    from stashbench.store.history import History

    with History(report_directory / HISTORY_NAME) as history:
        trends = history.server_trends()
    reports = {path.parent.name for path in report_directory.glob("*/report.html")} - {LATEST}
    page = report_directory / TREND_NAME
    write_atomically(page, render_trend(trends, reports).encode())
    return page


def _write_html(directory: Path, result: AuditResult) -> None:
    from stashbench.report.html import render_html

    write_atomically(directory / "report.html", render_html(result).encode())


def _write_summary(directory: Path, result: AuditResult, environ: Mapping[str, str]) -> None:
    from stashbench.export.job_summary import append_job_summary
    from stashbench.report.markdown import render_markdown

    text = render_markdown(result)
    write_atomically(directory / "summary.md", text.encode())
    append_job_summary(text, environ)


def _write_junit(directory: Path, result: AuditResult) -> None:
    from stashbench.export.junit import render_junit

    write_atomically(directory / "junit.xml", render_junit(result).encode())


def _add_to_history(report_directory: Path, result: AuditResult) -> None:
    from stashbench.store.history import History

    with History(report_directory / HISTORY_NAME) as history:
        history.add(result)


def _copy_to_latest(report_directory: Path, directory: Path) -> None:
    """Make `latest` a copy of the run, exchanged by rename so that a reader finds the old one or the new one."""
    from stashbench.collect.sampler.columns import SAMPLES_NAME

    latest = report_directory / LATEST
    fresh = Path(tempfile.mkdtemp(prefix=f".{LATEST}.", dir=report_directory))
    try:
        for path in directory.iterdir():
            if path.is_file() and path.name not in {JOURNAL_NAME, SAMPLES_NAME}:
                shutil.copy2(path, fresh)
        fresh.chmod(directory.stat().st_mode & 0o777)
        if latest.is_symlink() or latest.is_file():
            latest.unlink()
        elif latest.is_dir():
            old = Path(tempfile.mkdtemp(prefix=f".{LATEST}-old.", dir=report_directory))
            latest.rename(old / LATEST)
            fresh.rename(latest)
            shutil.rmtree(old)
            return
        fresh.rename(latest)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise store_error(latest, error) from error
