"""Measure this machine's own false alarms: a server compared with itself, which must show no difference.

Says how often it shows one all the same, and how small a change could be seen. Kept beside the baselines.
"""

from __future__ import annotations

import dataclasses
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import click

from stashbench.cli.console import open_terminal
from stashbench.cli.quiet_option import wait_quiet_option
from stashbench.errors import StashbenchError
from stashbench.model.text import one_line, visible

if TYPE_CHECKING:
    from rich.console import Console

    from stashbench.compare.options import Options
    from stashbench.compare.side import Side
    from stashbench.config import Settings
    from stashbench.model.selftest import SelfTest

_SHOWN = 200
_LEAST_SECONDS = 10.0
SCENE_COUNT = 2_000
_PATH = click.Path(path_type=Path)


@click.command("selftest")
@click.argument("target", default="embedded")
@click.option(
    "--pairs", metavar="N", type=click.IntRange(1, 1000), default=6, show_default=True, help="How many comparisons."
)
@click.option(
    "--budget",
    metavar="SECONDS",
    type=click.FloatRange(_LEAST_SECONDS),
    default=180.0,
    show_default=True,
    help="Time for all of them together, starts of servers included.",
)
@click.option("--seed", metavar="N", type=int, default=1, show_default=True, help="Seed of orders and of splits.")
@click.option("--suite", "suites", multiple=True, type=_PATH, help="File or folder of suites to run; repeatable.")
@click.option("-k", "expression", metavar="EXPR", help="Ask only for pages whose benchmark's name matches.")
@click.option("--baseline-dir", type=_PATH, help="Where the result is kept (default baselines).")
@wait_quiet_option
@click.option(
    "--stash-library", metavar="N", type=int, help="Scenes in the library of servers we start (default 2,000)."
)
@click.option("--stash-timeout", metavar="SECONDS", type=float, help="How long one request may take.")
@click.option("--stash-insecure", is_flag=True, default=None, help="Accept any TLS certificate.")
@click.option("--stash-ca-file", metavar="FILE", help="Certificate authority of the server.")
@click.option("--stash-config", metavar="FILE", help="Settings file.")
def command(target: str, **chosen: Any) -> int:
    """Compare TARGET with itself, and say how often this machine shows a difference that is none.

    TARGET is an address (http://...), the path of a Stash program, or `embedded`, which is the default.
    """
    from rich.console import Console

    from stashbench.cli.options import load_target_settings
    from stashbench.compare.selftest import SelfTestRun
    from stashbench.harness.comparing import LiveComparison
    from stashbench.harness.interrupts import deaf_to_interrupts, hidden_secrets, terminated_as_interrupt

    settings = _with_small_library(load_target_settings(chosen))
    _sides(target, settings)  # a target that is none shall be told before anything is shown
    with open_terminal() as terminal, hidden_secrets(), terminated_as_interrupt() as ending:
        console = Console(file=cast("TextIO", terminal))
        with LiveComparison(console) as progress:
            run = SelfTestRun(
                lambda: _sides(target, settings),
                _options(chosen, settings),
                progress,
                pair_count=chosen["pairs"],
                budget_seconds=chosen["budget"],
            )
            found = run.run()
        with deaf_to_interrupts():
            is_kept = _finish(console, found, chosen["baseline_dir"] or settings.audit.baseline_directory)
    if run.loss is not None:
        return run.loss.exit_status
    if run.was_interrupted:
        return ending.status
    return 0 if is_kept else StashbenchError.exit_status


def _with_small_library(settings: Settings) -> Settings:
    """Take a library of quick pages unless one was chosen: many short answers tell most in three minutes."""
    if settings.source("target.library_scene_count") != "default":
        return settings
    small = dataclasses.replace(settings.target, library_scene_count=SCENE_COUNT)
    return dataclasses.replace(settings, target=small)


def _sides(target: str, settings: Settings) -> tuple[Side, Side]:
    from stashbench.compare.side import SIDES, Side
    from stashbench.target.spec import parse_spec

    own = parse_spec(target, settings.target)
    a, b = (Side(letter, letter.upper(), one_line(target, _SHOWN), own) for letter in SIDES)
    return a, b


def _options(chosen: dict[str, Any], settings: Settings) -> Options:
    from stashbench.compare.options import QUICK_ROUND_COUNT, Options
    from stashbench.suites import benchmark_folders

    return Options(
        suites=benchmark_folders(chosen["suites"]),
        expression=chosen["expression"],
        round_count=QUICK_ROUND_COUNT,
        seed=chosen["seed"],
        effects=settings.effects,
        is_tracing=False,
        command=shlex.join(["stashbench", *sys.argv[1:]]),
        quiet_limit_seconds=chosen["wait_quiet"] or 0.0,
    )


def _finish(console: Console, found: SelfTest | None, directory: Path) -> bool:
    """Print the result and keep it; say whether there is one, and it could be kept."""
    from rich.text import Text

    from stashbench.report.selftest_words import selftest_in_words
    from stashbench.store.selftests import save_selftest

    if found is None:
        console.print(Text("No comparison came to its end, so nothing is known of this machine.", style="yellow"))
        return False
    for line in selftest_in_words(found):
        console.print(Text(visible(line)), soft_wrap=True)
    try:
        path = save_selftest(directory, found)
    except StashbenchError as error:
        console.print(Text(visible(f"Not kept: {error}"), style="yellow"), soft_wrap=True)
        return False
    kept = f"Kept in {path}." if path else "Not kept: it is a part only, and a whole one of this machine is there."
    console.print(Text(visible(kept)), soft_wrap=True)
    return True
