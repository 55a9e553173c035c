"""Compare two servers side by side: the same requests in turns, so that noise hits both alike.

Says which pages are slower or faster on B than on A, by how much, and what the run could not have seen.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import click

from stashbench.cli.compared_sides import make_sides, side_options
from stashbench.cli.console import open_terminal
from stashbench.cli.quiet_option import wait_quiet_option
from stashbench.errors import StashbenchError

if TYPE_CHECKING:
    from stashbench.compare.options import Options
    from stashbench.config import Settings

_SHOWN = 200
_PATH = click.Path(path_type=Path)
_EPILOG = (
    "A target is an address (http://...), the path of a Stash program, or `embedded`, with faults as "
    "embedded:latency=FindScenes:20,stale-statistics. Keys: STASH_API_KEY for both, STASH_API_KEY_A and "
    "STASH_API_KEY_B for one each."
)


@click.command("compare", epilog=_EPILOG)
@click.argument("target_a")
@click.argument("target_b", required=False)
@click.option("--suite", "suites", multiple=True, type=_PATH, help="File or folder of suites to run; repeatable.")
@click.option("-k", "expression", metavar="EXPR", help="Compare only benchmarks whose name matches.")
@click.option("--label-a", metavar="TEXT", help="What to call the first target (default A).")
@click.option("--label-b", metavar="TEXT", help="What to call the second one (default B).")
@side_options
@click.option("--budget", metavar="SECONDS", type=click.FloatRange(1.0), help="Time for measuring (default 120).")
@click.option(
    "--rounds",
    metavar="N",
    type=click.IntRange(1, 100),
    help="Rounds the budget is cut into (default 10, with --quick 8).",
)
@click.option("--seed", metavar="N", type=int, default=1, show_default=True, help="Seed of orders and of splits.")
@click.option(
    "--minimum-effect",
    metavar="PERCENT",
    type=click.FloatRange(0.1, 100.0),
    help="Smallest change that counts (default 2 where we start both servers, four times or more, else 5).",
)
@click.option("--same-process", is_flag=True, help="Do not start servers of ours anew between rounds.")
@click.option("--no-pin", is_flag=True, help="Let servers of ours run on any core instead of the same ones.")
@click.option("--allow-different-libraries", is_flag=True, help="Compare although the two libraries differ.")
@click.option("--no-profile", is_flag=True, help="Do not read SQL statements from the servers' logs.")
@wait_quiet_option
@click.option("--quick", is_flag=True, help="A quarter of the time: only large changes are found.")
@click.option("--json", "json_path", metavar="OUT", type=_PATH, help="Write the document there as well.")
@click.option("--out", type=_PATH, help="Where each comparison leaves its folder (default reports).")
@click.option(
    "--fail-on",
    type=click.Choice(["never", "regression"]),
    default="never",
    show_default=True,
    help="Exit with 1 if B is slower than A, or costs more, on any page where that is not accepted.",
)
@click.option("--stash-library", metavar="N", type=int, help="Scenes in the library of servers we start.")
@click.option("--stash-timeout", metavar="SECONDS", type=float, help="How long one request may take.")
@click.option("--stash-insecure", is_flag=True, default=None, help="Accept any TLS certificate.")
@click.option("--stash-ca-file", metavar="FILE", help="Certificate authority of the servers.")
@click.option("--stash-config", metavar="FILE", help="Settings file.")
def command(target_a: str, target_b: str | None, **chosen: Any) -> int:
    """Compare two servers: TARGET_B against TARGET_A.

    Or two set-ups of one, given once: `stashbench compare PROGRAM --env-b STASH_SQLITE_CACHE_SIZE=-64000`.
    """
    from rich.console import Console

    from stashbench.audit.selftest import with_selftest
    from stashbench.cli.options import load_target_settings
    from stashbench.compare.publish import write_comparison
    from stashbench.compare.run import Comparison
    from stashbench.harness.comparing import LiveComparison, print_comparison
    from stashbench.harness.interrupts import deaf_to_interrupts, hidden_secrets, terminated_as_interrupt

    settings = load_target_settings(chosen)
    sides = make_sides((target_a, target_b), settings.target, chosen)
    directory = chosen["out"] or settings.audit.report_directory
    with open_terminal() as terminal, hidden_secrets(), terminated_as_interrupt() as ending:
        console = Console(file=cast("TextIO", terminal))
        with LiveComparison(console) as progress:
            comparison = Comparison(*sides, _options(chosen, settings), progress)
            document = with_selftest(comparison.run(), settings.audit.baseline_directory)
        with deaf_to_interrupts():
            folder, problems = write_comparison(document, directory, chosen["json_path"])
            print_comparison(console, document, folder, problems)
    if comparison.loss is not None:
        return comparison.loss.exit_status
    if comparison.was_interrupted:
        return ending.status
    if problems:
        return StashbenchError.exit_status
    has_regressed = any(item.is_counted_regression for item in document.benchmarks)
    return int(chosen["fail_on"] == "regression" and has_regressed)


def _options(chosen: Mapping[str, Any], settings: Settings) -> Options:
    from stashbench.compare.options import (
        BUDGET_SECONDS,
        QUICK_BUDGET_SECONDS,
        QUICK_ROUND_COUNT,
        ROUND_COUNT,
        Options,
    )
    from stashbench.suites import benchmark_folders
    from stashbench.target.setup import hide_values

    is_quick = chosen["quick"]
    percent = chosen["minimum_effect"]
    return Options(
        suites=benchmark_folders(chosen["suites"]),
        expression=chosen["expression"],
        budget_seconds=chosen["budget"] or (QUICK_BUDGET_SECONDS if is_quick else BUDGET_SECONDS),
        round_count=chosen["rounds"] or (QUICK_ROUND_COUNT if is_quick else ROUND_COUNT),
        seed=chosen["seed"],
        minimum_effect=None if percent is None else 1 + percent / 100,
        effects=settings.effects,
        accepted=settings.accepted,
        is_renewing=not chosen["same_process"],
        is_pinning=not chosen["no_pin"],
        is_different_library_allowed=chosen["allow_different_libraries"],
        is_tracing=not chosen["no_profile"],
        command=shlex.join(["stashbench", *hide_values(sys.argv[1:], ("--env-a", "--env-b"))]),
        quiet_limit_seconds=chosen["wait_quiet"] or 0.0,
    )
