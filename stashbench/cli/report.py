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

    The report is a function of the result alone: the same result gives the same bytes.
    """
    from stashbench.report.html import render_html
    from stashbench.store.atomic import write_atomically
    from stashbench.store.results import read_result

    content = render_html(read_result(result)).encode()
    if out is not None and str(out) == "-":
        sys.stdout.buffer.write(content)
        return
    path = out or (result if result.is_dir() else result.parent) / "report.html"
    write_atomically(path, content)
    click.echo(f"Report  {path}")
