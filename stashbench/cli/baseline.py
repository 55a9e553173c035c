"""Keep runs as baselines: save, list, show, hold against each other, promote, prune."""

from __future__ import annotations

from pathlib import Path

import click

from stashbench.cli.baseline_upkeep import diff, directory_option, folder_of, promote, prune, run_path
from stashbench.cli.options import load_target_settings


@click.group("baseline")
def command() -> None:
    """Save, list, show, compare, promote and prune baselines.

    A baseline is one or more sessions (runs) under a name. The rolling one, fed by audits, is called `rolling`.
    """


command.add_command(diff)
command.add_command(promote)
command.add_command(prune)


@command.command("save")
@click.argument("name")
@click.option("--run", type=click.Path(path_type=Path), help="A run's folder, result.json or id (default: the latest).")
@click.option("--add", "is_added", is_flag=True, help="Add the run to the sessions of NAME instead of replacing them.")
@click.option("--note", default="", help="What is worth knowing about this state of the server.")
@directory_option
def save(name: str, run: Path | None, note: str, directory: Path | None, *, is_added: bool) -> None:
    """Keep a run's measurements under NAME."""
    from datetime import UTC, datetime

    from stashbench.audit.record import rfc3339
    from stashbench.errors import UsageError
    from stashbench.model.measurement import MeasurementOutcome
    from stashbench.model.text import visible
    from stashbench.store import baselines
    from stashbench.store.results import read_result

    settings = load_target_settings().audit
    result = read_result(run_path(run, settings.report_directory))
    usable = sum(1 for item in result.measurements if item.outcome is MeasurementOutcome.OK)
    if not usable:
        message = f"run {result.run_id} has no usable measurement to compare with; run the benchmarks first"
        raise UsageError(message)
    session = baselines.session_of(result, name=name, created_at=rfc3339(datetime.now(UTC)), note=note)
    folder = folder_of(directory)
    baselines.check_name(name)
    unlike = baselines.unlike(folder, session) if is_added else ()
    path = baselines.save(folder, session, is_added=is_added)
    size = path.stat().st_size / 1024
    click.echo(visible(f"Saved {usable} benchmarks of run {result.run_id} as {path} ({size:.0f} KiB)"))
    remarks = [f"the other sessions have {'; '.join(unlike)}: a run is held against those like it"] if unlike else []
    remarks += [f"that run is partial: {'; '.join(result.partial_reasons)}"] if result.partial else []
    unfit = session.machine.unfit_reasons if session.machine else ()
    remarks += [f"the machine was disturbed in that run: {'; '.join(unfit)}"] if unfit else []
    for remark in remarks:
        click.echo(visible(f"Note: {remark}"), err=True)


@command.command("list")
@directory_option
def list_(directory: Path | None) -> None:
    """List the baselines, newest first."""
    from stashbench.cli.baseline_words import print_list
    from stashbench.store import baselines, rolling

    folder = folder_of(directory)
    names = baselines.named(folder)
    if not names and not rolling.session_paths(folder):
        click.echo(f"There are no baselines in {folder}; save one with: stashbench baseline save NAME")
        return
    print_list(folder, names)


@command.command("show")
@click.argument("name")
@directory_option
def show(name: str, directory: Path | None) -> None:
    """Show what a baseline holds: its sessions, machine, server, times and how far these spread."""
    from stashbench.cli.baseline_words import print_sessions
    from stashbench.store import baselines

    print_sessions(*baselines.load_sessions(folder_of(directory), name))
