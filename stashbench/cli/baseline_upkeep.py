"""The parts of `stashbench baseline` that look after what is stored: promote, prune, diff."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from stashbench.cli.options import load_target_settings

F = TypeVar("F", bound=Callable[..., Any])
_PATH = click.Path(path_type=Path, file_okay=False)


def directory_option(function: F) -> F:
    """Add the option for the folder of the baselines."""
    return click.option("--baseline-dir", "directory", type=_PATH, default=None, help="Default: baselines.")(function)


def folder_of(directory: Path | None) -> Path:
    """Return the folder that was given, else that of the settings."""
    return directory or load_target_settings().audit.baseline_directory


def run_path(run: Path | None, report_directory: Path) -> Path:
    """Return the path of a run named by path or id; without a name, the latest. Raises UsageError if there is none."""
    from stashbench.errors import UsageError

    if run is None:
        latest = report_directory / "latest"
        if not latest.is_dir():
            message = f"there is no run in {report_directory} yet; make one with: stashbench audit"
            raise UsageError(message)
        return latest
    if run.exists():
        return run
    if (report_directory / run).is_dir():
        return report_directory / run
    message = f"there is no run {run}, neither as a path nor in {report_directory}"
    raise UsageError(message)


@click.command("promote")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--to", "name", metavar="NAME", help="Add it to this baseline instead of the rolling one.")
@click.option("--reason", required=True, help="Why the new times are as they should be; it is kept with the session.")
@directory_option
def promote(run: Path, name: str | None, reason: str, directory: Path | None) -> None:
    """Take RUN into the rolling baseline although it regressed: its times are the level from now on."""
    import msgspec

    from stashbench.errors import UsageError
    from stashbench.model.text import one_line, visible
    from stashbench.store import baselines
    from stashbench.store.results import read_result
    from stashbench.store.rolling import refusal_of

    settings = load_target_settings().audit
    if not reason.strip():
        message = "--reason is empty; say in a few words why the new times are as they should be"
        raise UsageError(message)
    if name is None and not settings.rolling_sessions:
        message = "the rolling baseline is switched off (audit.rolling_sessions is 0); name another with --to NAME"
        raise UsageError(message)
    result = read_result(run_path(run, settings.report_directory))
    session = msgspec.structs.replace(baselines.session_of(result), accepted_because=one_line(reason, 300))
    if refusal := refusal_of(session):
        message = f"run {result.run_id} cannot be promoted: {refusal}"
        raise UsageError(message)
    if name is None:
        click.echo(visible(_begin(baselines.feed(folder_of(directory), session, settings.rolling_sessions))))
    else:
        named = msgspec.structs.replace(session, name=name)
        path = baselines.save(folder_of(directory), named, is_added=True)
        click.echo(visible(f"Added run {result.run_id} to {name} as {path}"))
    moved = (*session.regressed, *session.improved)
    if moved:
        click.echo(visible(f"At a new level from this run on: {', '.join(moved)}"))


@click.command("prune")
@click.argument("name", default="rolling")
@click.option("--keep", metavar="N", type=click.IntRange(0), help="Keep the newest N sessions (of each server).")
@click.option("--older-than", "days", metavar="DAYS", type=click.FloatRange(0.0), help="Remove only older ones.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would be removed.")
@directory_option
def prune(name: str, keep: int | None, days: float | None, directory: Path | None, *, is_dry: bool) -> None:
    """Remove old sessions of NAME (default: the rolling baseline, of every machine and server).

    With both --keep and --older-than, only what is beyond both goes.
    """
    from datetime import UTC, datetime, timedelta

    from stashbench.errors import UsageError
    from stashbench.model.text import visible
    from stashbench.store import pruning

    if keep is None and days is None:
        message = "say what may go: --keep N, --older-than DAYS, or both"
        raise UsageError(message)
    before = None if days is None else datetime.now(UTC) - timedelta(days=days)
    plan = pruning.plan(folder_of(directory), name, keep=keep, before=before)
    for problem in plan.problems:
        click.echo(visible(f"Left alone: {problem}"), err=True)
    for path in plan.surplus:
        click.echo(visible(f"{'Would remove' if is_dry else 'Removed'} {path}"))
        if not is_dry:
            pruning.remove(path)
    click.echo(f"{len(plan.surplus)} of {plan.count} sessions {'would go' if is_dry else 'are gone'}")


@click.command("diff")
@click.argument("name1")
@click.argument("name2")
@directory_option
def diff(name1: str, name2: str, directory: Path | None) -> None:
    """Show what differs between two baselines: machine, server, benchmarks, times, statements.

    The newest session of NAME2 is held against the sessions of NAME1 as an audit would be.
    """
    from stashbench.cli.baseline_words import print_differences
    from stashbench.store import baselines

    folder = folder_of(directory)
    baselines.load(folder, name1)  # words such as `auto` are none's name
    later = baselines.load(folder, name2)
    print_differences(baselines.find_sessions(folder, name1, later.environment, later.target), later)


def _begin(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
