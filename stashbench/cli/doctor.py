"""Show what of a server is within reach, and what can therefore not be measured.

Every line that says no gives the reason and what would help. Exit status 0 if the API can be used, 3 if not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from stashbench.cli.options import load_target_settings, target_options

EXIT_UNREACHABLE = 3


@click.command("doctor")
@target_options
def command(**options: Any) -> int:
    """Show what of a server is within reach, and what can therefore not be measured."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from stashbench.model.target import Facility
    from stashbench.model.text import visible
    from stashbench.target.doctor import NEEDED_FOR, examine

    settings = load_target_settings(options)
    reaches = examine(settings.target)
    api = next(reach for reach in reaches if reach.facility is Facility.API)
    if not api.is_available:
        click.echo(f"stashbench: {api.reason}", err=True)
        return EXIT_UNREACHABLE
    title = Text(f"What is within reach of {settings.target.url or settings.target.binary or 'the embedded server'}")
    table = Table(title=title, title_justify="left")
    for heading in ("facility", "within reach", "why, or what to do", "needed for"):
        table.add_column(heading, overflow="fold")
    for reach in reaches:
        # Text, not markup: a server's words may hold brackets.
        answer = Text("yes", style="green") if reach.is_available else Text("no", style="yellow")
        table.add_row(str(reach.facility), answer, Text(visible(reach.reason)), NEEDED_FOR[reach.facility])
    console = Console()
    console.print(table)
    for line in _selftest(settings.audit.baseline_directory):
        console.print(Text(visible(line)), soft_wrap=True)
    return 0


def _selftest(directory: Path) -> tuple[str, ...]:
    """Say what is known of this machine's false alarms and of the changes it can show."""
    from stashbench.audit.selftest import selftest_or_why
    from stashbench.collect.environment import collect_environment
    from stashbench.report.selftest_words import NONE_YET, selftest_in_words

    found, warnings = selftest_or_why(directory, collect_environment(None))
    if found is None:
        return warnings or (NONE_YET,)
    return (f"Self-test of this machine, {found.taken_at[:10]}:", *(f"  {line}" for line in selftest_in_words(found)))
