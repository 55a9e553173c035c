"""Audit a Stash server: run the suites, write the report, say what to do first.

The same as `pytest suites` with the same options; only the terminal looks different.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO, cast

import click

from stashbench.cli.console import open_terminal
from stashbench.cli.options import target_options
from stashbench.cli.quiet_option import wait_quiet_option
from stashbench.model.secret import Secret

_PATH = click.Path(path_type=Path)


@click.command("audit")
@target_options
@click.option("--suite", "suites", multiple=True, type=_PATH, help="File or folder of suites to run; repeatable.")
@click.option("-k", "expression", metavar="EXPR", help="Run only tests whose name matches, e.g. 'scenes and not deep'.")
@click.option("--baseline", metavar="NAME", help="Baseline to compare with: a name, auto (default) or none.")
@click.option("--baseline-dir", type=_PATH, help="Where named baselines are kept (default baselines).")
@click.option(
    "--fail-on",
    type=click.Choice(["never", "regression", "warning", "critical"]),
    help="Exit with 1 on a regression, a warning or worse, or a critical finding (default never).",
)
@click.option("--out", type=_PATH, help="Where each run leaves its folder (default reports).")
@click.option("--no-profile", is_flag=True, help="Do not run each request once more to read its SQL statements.")
@click.option("--settle", metavar="TIME", help="Wait so long (90s, 5m) before suspects are measured again.")
@click.option(
    "--replay",
    type=click.Choice(["auto", "off"]),
    help="Decide suspects side by side with the baseline's server, where it can be started once more (default auto).",
)
@wait_quiet_option
@click.option("--quick", is_flag=True, help="Shorter benchmarks: wider intervals, sooner done.")
def command(suites: tuple[Path, ...], expression: str | None, quick: bool, **options: object) -> int:
    """Audit a Stash server and write a report."""
    from rich.console import Console

    from stashbench.harness.run import run_suites
    from stashbench.suites import find_suites

    words = pytest_words(options)
    words += ["-k", expression] if expression else []
    words += ["--stash-quick"] if quick else []
    # pytest captures the standard output while tests run; the progress needs a way past it.
    with open_terminal() as terminal:
        return run_suites(find_suites(suites), words, Console(file=cast("TextIO", terminal)))


_WORDS = {
    "faults": "--stash-fault",
    "baseline": "--stash-baseline",
    "baseline_dir": "--stash-baseline-dir",
    "out": "--stash-report-dir",
    "no_profile": "--stash-no-profile",
    "wait_quiet": "--stash-wait-quiet",
    "settle": "--stash-settle",
    "replay": "--stash-replay",
}


def pytest_words(options: Mapping[str, object]) -> list[str]:
    """Return the options as pytest takes them; what was not given is left out, so that settings and defaults apply."""
    words: list[str] = []
    for name, value in options.items():
        option = _WORDS.get(name, "--" + name.replace("_", "-"))
        if value is True:
            words.append(option)
        elif isinstance(value, tuple):
            words += [f"{option}={item}" for item in value]
        elif value is not None and value is not False:
            words.append(f"{option}={value.reveal() if isinstance(value, Secret) else value}")
    return words
