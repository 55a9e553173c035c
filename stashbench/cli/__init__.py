"""The command line: one command a file, found by file name and imported when it is run, so that `--help` is fast.

A command is a module in this package that holds a click command named `command`.
"""

from __future__ import annotations

import contextlib
import io
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TextIO

import click

import stashbench
from stashbench.errors import StashbenchError
from stashbench.model.text import visible

_NOT_COMMANDS = {"options", "console", "quiet_option", "baseline_upkeep", "baseline_words", "compared_sides"}


class LazyGroup(click.Group):
    """A group whose commands are the modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands' names without importing them."""
        return sorted({module.name for module in pkgutil.iter_modules(__path__)} - _NOT_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return the command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = import_module(f"{__name__}.{cmd_name}")
        found = module.command
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by the first line of their module's text, which is read without importing it."""
        rows = [(name, _first_line(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(stashbench.__version__, "-V", "--version")
def cli() -> None:
    """Performance audit for Stash media servers.

    `stashbench audit` alone audits an embedded server with a generated library; `--stash-url` audits yours.
    Exit status: 0 fine, 1 a finding or regression at or above --fail-on or a test that failed, 2 usage, 3 server
    unreachable, 4 anything else, 130 interrupted, 143 terminated.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; an error of ours is one sentence and an exit status, never a traceback."""
    _mend_streams()
    try:
        status = cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
        sys.stdout.flush()  # now, where a full disk can still be told
    except click.exceptions.Abort:
        status = 130
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except StashbenchError as error:
        click.echo(f"stashbench: {visible(str(error))}", err=True)
        status = error.exit_status
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        _silence(sys.stdout)
        status = 0
    except OSError as error:
        _silence(sys.stdout)
        what = f"{error.strerror or error}: {error.filename or 'the standard output'}"
        click.echo(f"stashbench: {visible(what)}; free some space or write elsewhere", err=True)
        status = StashbenchError.exit_status
    sys.exit(status if isinstance(status, int) else 0)


def _mend_streams() -> None:
    """Make sure that there are streams, and that a name which the terminal's alphabet lacks stops nothing."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - open to the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _silence(stream: TextIO) -> None:
    """Send what is left in a stream's buffer nowhere, or Python would fail over it once more at its exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _first_line(name: str) -> str:
    """Return the first line of a command module's docstring."""
    import ast
    from pathlib import Path

    folder = Path(__path__[0])
    text = ast.get_docstring(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8")))
    return (text or "").split("\n", 1)[0].rstrip(".")
