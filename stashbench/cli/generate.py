"""Generate a Stash library, or media files for a scan, to audit, load or look at."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from stashbench.errors import UsageError

_DEFAULT_SCENES = 10_000
_DEFAULT_FILES = 200
_TERMINATED = 143
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("generate")
@click.option("--scenes", "scene_count", metavar="N", type=click.IntRange(min=0), help="Scenes (default 10000).")
@click.option("--seed", metavar="S", type=int, default=1, show_default=True, help="Equal seeds give equal files.")
@click.option("--out", metavar="FILE", type=_FILE, help="Write a new database there; the file must not exist.")
@click.option("--into", metavar="FILE", type=_FILE, help="Fill this empty database, which a Stash made.")
@click.option("--media", metavar="DIR", type=click.Path(path_type=Path), help="Make media files for a scan there.")
@click.option("--files", "file_count", metavar="N", type=click.IntRange(min=1), help="With --media (default 200).")
@click.option("--no-statistics", is_flag=True, help="Leave out what ANALYZE tells the query planner.")
@click.option("--summary", metavar="FILE", type=_FILE, help="With --into or --media: write all counts there as JSON.")
def command(
    scene_count: int | None,
    seed: int,
    out: Path | None,
    into: Path | None,
    media: Path | None,
    file_count: int | None,
    no_statistics: bool,
    summary: Path | None,
) -> None:
    """Generate a library of N scenes: a database that a real Stash v0.30 opens as its own.

    Images, performers, tags and the rest grow with the scenes. The file's path is printed when it is there; without
    --out it is in the cache.

    With --into the library goes into an empty database of any Stash from v0.22 on: start that Stash once on an empty
    home, stop it, and name its stash-go.sqlite. With --media a folder of small videos and images is made, with
    duplicates and broken files among them.
    """
    from stashbench.harness.interrupts import hidden_secrets

    _check(scene_count, out, into, media, file_count, no_statistics=no_statistics, summary=summary)
    scenes = _DEFAULT_SCENES if scene_count is None else scene_count
    with _ended_by_term(), hidden_secrets():
        if media is not None:
            _make_media(media, file_count or _DEFAULT_FILES, seed, summary)
        elif into is not None:
            _fill(into, scenes, seed, summary, has_statistics=not no_statistics)
        else:
            _generate(out, scenes, seed, has_statistics=not no_statistics)


def _check(
    scene_count: int | None,
    out: Path | None,
    into: Path | None,
    media: Path | None,
    file_count: int | None,
    *,
    no_statistics: bool,
    summary: Path | None,
) -> None:
    """Refuse options that do not go together.

    Raises:
        UsageError: they contradict each other, or the summary would replace the database or lie among the media.
    """
    message = ""
    if sum(place is not None for place in (out, into, media)) > 1:
        message = "Give one of --out, --into and --media; each makes something else."
    elif media is None and file_count is not None:
        message = "--files is for --media DIR; a library's size is given by --scenes."
    elif media is not None and (scene_count is not None or no_statistics):
        message = "--media makes files, not a database; its size is given by --files."
    elif no_statistics and out is None and into is None:
        message = "--no-statistics needs --out or --into; libraries in the cache always have statistics."
    elif summary is not None and media is None and into is None:
        message = "--summary goes with --into or --media."
    elif summary is not None and into is not None and _is_same(summary, into):
        message = "The summary would replace the database; give --summary another file."
    elif summary is not None and media is not None and media.resolve() in summary.resolve().parents:
        message = "The summary must not lie among the media; give --summary a file outside of that folder."
    if message:
        raise UsageError(message)


def _is_same(one: Path, other: Path) -> bool:
    """Say whether both are one file, by whatever names."""
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


@contextmanager
def _ended_by_term() -> Iterator[None]:
    """Let a SIGTERM end us as Ctrl-C does: temporary files are removed on the way out."""

    def end(_signal: int, _frame: object) -> None:
        sys.exit(_TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while the block runs; gives what is to be called with (done, total)."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _generate(out: Path | None, scenes: int, seed: int, *, has_statistics: bool) -> None:
    from stashbench.target.library import cached_library, generate_library

    with _bar(f"Generating {scenes:,} scenes") as show:
        if out is None:
            out = cached_library(scenes, seed, progress=show)
        else:
            generate_library(out, scene_count=scenes, seed=seed, progress=show, has_statistics=has_statistics)
    click.echo(out)


def _fill(into: Path, scenes: int, seed: int, summary: Path | None, *, has_statistics: bool) -> None:
    from stashbench.target.library import fill_library

    with _bar(f"Generating {scenes:,} scenes") as show:
        filled = fill_library(into, scene_count=scenes, seed=seed, progress=show, has_statistics=has_statistics)
    numbers = filled.numbers
    click.echo(
        f"{into}: schema {filled.schema_version}, {numbers.scene_count:,} scenes, {numbers.image_count:,} images, "
        f"{numbers.performer_count:,} performers, {numbers.tag_count:,} tags, {numbers.file_count:,} files"
    )
    if filled.left_out:
        click.echo(f"Left out, because this schema has no place for it: {', '.join(filled.left_out)}", err=True)
    if summary:
        summary.write_text(json.dumps(asdict(filled), indent=2) + "\n", encoding="utf-8")


def _make_media(media: Path, files: int, seed: int, summary: Path | None) -> None:
    from stashbench.target.library import make_media

    with _bar(f"Making {files:,} files") as show:
        made = make_media(media, file_count=files, seed=seed, progress=show)
    click.echo(
        f"{media}: {made.file_count:,} files of {made.total_bytes / 2**20:,.1f} MiB, of which a scan makes "
        f"{made.scene_count:,} scenes and {made.image_count:,} images; {made.exact_duplicate_count} are exact and "
        f"{made.near_duplicate_count} near duplicates, {made.broken_count} are broken"
    )
    if made.remark:
        click.echo(made.remark, err=True)
    if summary:
        summary.write_text(made.to_json(), encoding="utf-8")
