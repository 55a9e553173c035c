"""Serve a generated library as a stand-in Stash server.

The server works on a private copy of the cached library, which is removed when it ends.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from stashbench.errors import TargetUnreachableError, UsageError
from stashbench.model.secret import PASSWORD_VARIABLE, Secret

_ALL = 100


@click.command("serve")
@click.option("--scenes", metavar="N", type=click.IntRange(1), default=20_000, show_default=True, help="Library size.")
@click.option("--seed", metavar="S", type=int, default=1, show_default=True, help="Equal seeds give equal libraries.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", metavar="P", type=click.IntRange(0, 65535), default=9999, show_default=True, help="0: any.")
@click.option("--api-key", metavar="KEY", envvar="STASH_API_KEY", help="Require this key; else none is needed.")
@click.option("--username", metavar="NAME", envvar="STASH_USERNAME", help="Require a log-in, with STASH_PASSWORD.")
@click.option("--fault", "faults", metavar="SPEC", multiple=True, help="Plant a fault; may be repeated.")
@click.option("--media", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False), help="To scan.")
@click.option("--cache-size", metavar="N", type=int, help="SQLite page cache: pages, or KiB if negative.")
@click.option("--database", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Serve this file.")
@click.option("--list-faults", is_flag=True, help="Say which faults there are.")
def command(  # noqa: PLR0917 - click's arguments
    scenes: int,
    seed: int,
    host: str,
    port: int,
    api_key: str | None,
    username: str | None,
    faults: tuple[str, ...],
    media: Path | None,
    cache_size: int | None,
    database: Path | None,
    list_faults: bool,
) -> None:
    """Serve a library of N scenes until Ctrl-C; prints the address."""
    from stashbench.target.server import ServerOptions, known_faults, running_server

    if list_faults:
        for usage, description in known_faults().items():
            click.echo(f"{usage:36} {description}")
        return
    options = ServerOptions(
        scene_count=scenes,
        seed=seed,
        host=host,
        port=port,
        api_key=Secret(api_key) if api_key else None,
        username=Secret(username) if username else None,
        password=_password(username),
        faults=faults,
        media=media,
        cache_size=cache_size,
        database=database,
    )
    with _ended_by_signals(), running_server(options, progress=_Percent()) as server:
        click.echo(server.url)
        click.echo(f"Serving {server.database} as process {server.pid}; Ctrl-C ends it.", err=True)
        status = server.wait()
        message = f"The server ended by itself with status {status}; it said: {server.said() or 'nothing'}"
        raise TargetUnreachableError(message)


def _password(username: str | None) -> Secret | None:
    """Return the password from the environment: on a command line others could read it."""
    if not username:
        return None
    password = os.environ.get(PASSWORD_VARIABLE)
    if not password:
        message = f"A user name needs a password: put it into the environment as {PASSWORD_VARIABLE}."
        raise UsageError(message)
    return Secret(password)


class _Percent:
    """Says how far the generation of a library is: each percent on a terminal, else only the end.

    A library that is already there causes no word.
    """

    def __init__(self) -> None:
        self._said = -1

    def __call__(self, done: int, total: int) -> None:
        percent = done * 100 // max(total, 1)
        if percent > self._said and (percent >= _ALL or sys.stderr.isatty()):
            self._said = percent
            click.echo(f"\rGenerating the library: {percent} %", nl=percent >= _ALL, err=True)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Take SIGTERM like Ctrl-C, and both as the way this command ends: what it made is removed, the status is 0."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        click.echo("Ended.", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)
