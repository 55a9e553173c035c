"""Keep a run as a baseline, list the baselines, look at one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stashbench.cli.options import load_target_settings

if TYPE_CHECKING:
    from stashbench.model.baseline import Baseline

_PATH = click.Path(path_type=Path, file_okay=False)
_directory = click.option("--baseline-dir", "directory", type=_PATH, default=None, help="Default: baselines.")


@click.group("baseline")
def command() -> None:
    """Save, list and show baselines."""


@command.command("save")
@click.argument("name")
@click.option("--run", type=click.Path(path_type=Path), help="A run's folder, result.json or id (default: the latest).")
@click.option("--note", default="", help="What is worth knowing about this state of the server.")
@_directory
def save(name: str, run: Path | None, note: str, directory: Path | None) -> None:
    """Keep a run's measurements under NAME."""
    from datetime import UTC, datetime

    from stashbench.audit.record import rfc3339
    from stashbench.errors import UsageError
    from stashbench.model.baseline import Baseline
    from stashbench.model.measurement import MeasurementOutcome
    from stashbench.model.text import visible
    from stashbench.store import baselines
    from stashbench.store.results import read_result

    settings = load_target_settings().audit
    result = read_result(_find_run(run, settings.report_directory))
    usable = sum(1 for item in result.measurements if item.outcome is MeasurementOutcome.OK)
    if not usable:
        message = f"run {result.run_id} has no usable measurement to compare with; run the benchmarks first"
        raise UsageError(message)
    baseline = Baseline(
        schema_version=baselines.BASELINE_VERSION,
        name=name,
        created_at=rfc3339(datetime.now(UTC)),
        run_id=result.run_id,
        environment=result.environment,
        target=result.target,
        measurements=result.measurements,
        note=note,
    )
    path = baselines.save(directory or settings.baseline_directory, baseline)
    click.echo(f"Saved {usable} benchmarks of run {result.run_id} as {path}")
    if result.partial:
        click.echo(visible(f"Note: that run is partial: {'; '.join(result.partial_reasons)}"), err=True)


@command.command("list")
@_directory
def list_(directory: Path | None) -> None:
    """List the baselines, newest first."""
    from stashbench.model.text import visible
    from stashbench.store import baselines

    folder = directory or load_target_settings().audit.baseline_directory
    found = sorted(baselines.list_baselines(folder), key=lambda item: item.created_at, reverse=True)
    if not found:
        click.echo(f"There are no baselines in {folder}; save one with: stashbench baseline save NAME")
        return
    width = max(len(item.name) for item in found)
    for item in found:
        scenes = item.target.library.scene_count
        size = "a library of unknown size" if scenes is None else f"{scenes:,} scenes"
        server = f"Stash {item.target.server_version or 'of unknown version'}, {size}"
        line = f"{item.name:<{width}}  {item.created_at}  {len(item.measurements):>3} benchmarks  {server}"
        click.echo(visible(line))


@command.command("show")
@click.argument("name")
@_directory
def show(name: str, directory: Path | None) -> None:
    """Show what a baseline holds."""
    from stashbench.store import baselines

    _print(baselines.load(directory or load_target_settings().audit.baseline_directory, name))


def _print(baseline: Baseline) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from stashbench.model.text import visible

    console = Console()
    facts = {
        "Run": f"{baseline.run_id}, saved {baseline.created_at}",
        "Server": baseline.target.name,
        "Machine": f"{baseline.environment.cpu_model}, {baseline.environment.cpu_count} cores",
        "Note": baseline.note,
    }
    for label, text in facts.items():
        if text:
            console.print(Text(visible(f"{label:<8} {text}")), soft_wrap=True)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Benchmark", "Median ms", "95 % interval ms", "Rounds"):
        table.add_column(heading, justify="left" if heading == "Benchmark" else "right")
    for item in baseline.measurements:
        numbers, name = item.statistics, Text(visible(item.id))
        if numbers is None:
            table.add_row(name, Text(str(item.outcome)), "", "")
            continue
        low, high = numbers.median_ci_low_seconds * 1e3, numbers.median_ci_high_seconds * 1e3
        table.add_row(name, f"{numbers.median_seconds * 1e3:.2f}", f"{low:.2f}-{high:.2f}", str(numbers.count))
    console.print(table)


def _find_run(run: Path | None, report_directory: Path) -> Path:
    """Return the path of a run named by path or id; without a name, the latest."""
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
