"""The command line: one command a file, found by file name and imported when it is run, so that `--help` is fast.

A command is a module in this package that holds a click command named `command`, like the module, or as its only one.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module

import click

import stashbench
from stashbench.errors import StashbenchError
from stashbench.model.text import visible

_NOT_COMMANDS = {"options", "console"}


class LazyGroup(click.Group):
    """A group whose commands are the modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands' names without importing them."""
        names = {module.name.rstrip("_") for module in pkgutil.iter_modules(__path__)}
        return sorted(name for name in names - _NOT_COMMANDS if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return the command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        present = {module.name for module in pkgutil.iter_modules(__path__)}
        module = import_module(f"{__name__}.{cmd_name if cmd_name in present else cmd_name + '_'}")
        for attribute in ("command", cmd_name, f"{cmd_name}_command"):
            found = getattr(module, attribute, None)
            if isinstance(found, click.Command):
                return found
        own = [value for value in vars(module).values() if isinstance(value, click.Command)]
        if len(own) == 1:
            return own[0]
        message = f"{module.__name__} holds no click command named `command`"
        raise StashbenchError(message)

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
    Exit status: 0 fine, 1 findings at or above --fail-on, 2 usage, 3 server unreachable, 4 anything else.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; an error of ours is one sentence and an exit status, never a traceback."""
    try:
        status = cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
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
        status = 0
    sys.exit(status if isinstance(status, int) else 0)


def _first_line(name: str) -> str:
    """Return the first line of a command module's docstring."""
    import ast
    from pathlib import Path

    folder = Path(__path__[0])
    path = next((found for found in (folder / f"{name}.py", folder / f"{name}_.py") if found.is_file()), None)
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) if path else None
    return (text or "").split("\n", 1)[0].rstrip(".")
