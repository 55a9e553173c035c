"""Copy the suites into a folder, for editing.

In the working directory, a folder named `suites` is what `stashbench audit` then runs.
"""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=Path("suites"))
def command(directory: Path) -> None:
    """Copy the suites to DIRECTORY (default ./suites) for editing."""
    from stashbench.suites import copy_to

    files = copy_to(directory)
    click.echo(f"Copied {len(files)} files to {directory}. Edit them, then run: stashbench audit --suite {directory}")
