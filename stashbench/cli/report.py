"""Make a run's HTML report again from its result."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("report")
@click.argument("result", metavar="RESULT", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True, dir_okay=False),
    help="Where to write (default: report.html beside the result; - for standard output).",
)
def command(result: Path, out: Path | None) -> None:
    """Make report.html from RESULT, a result.json or the folder of a run.

    The report is a function of the result alone: the same result gives the same bytes. The folder of a run that was
    killed gets its result first, made from what the run had written down.
    """
    from stashbench.report.html import render_html
    from stashbench.store.atomic import write_atomically
    from stashbench.store.results import read_result

    _finish_if_killed(result)
    content = render_html(read_result(result)).encode()
    if out is not None and str(out) == "-":
        sys.stdout.buffer.write(content)
        return
    path = out or (result if result.is_dir() else result.parent) / "report.html"
    write_atomically(path, content)
    click.echo(f"Report  {path}")


def _finish_if_killed(run: Path) -> None:
    """Make the result of a run that left only its journal."""
    from stashbench.audit.recovery import is_unfinished, recover_run

    if not is_unfinished(run):
        return
    from stashbench.cli.options import load_target_settings
    from stashbench.model.text import visible

    settings = load_target_settings()
    result, problems = recover_run(run, settings.audit, effects=settings.effects, accepted=settings.accepted)
    for line in (*result.partial_reasons, *problems):
        click.echo(visible(f"Note    {line}"), err=True)
