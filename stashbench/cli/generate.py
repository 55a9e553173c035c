"""Generate a Stash library to audit, load or look at."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("generate")
@click.option("--scenes", "scene_count", type=click.IntRange(min=0), default=10_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Equal seed and size give equal files.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; it must not exist. Without it the library goes into the cache.",
)
def command(scene_count: int, seed: int, out: Path | None) -> None:
    """Generate a library of N scenes: a database that a real Stash v0.30 opens as its own.

    Images, performers, tags and the rest grow with the scenes. The file's path is printed when it is there.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from stashbench.target.library import cached_library, generate_library

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Generating {scene_count:,} scenes")

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        if out is None:
            out = cached_library(scene_count, seed, progress=show)
        else:
            generate_library(out, scene_count=scene_count, seed=seed, progress=show)
    click.echo(out)
