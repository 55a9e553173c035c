"""The option `--wait-quiet [SECONDS]`, the same for every command that takes times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_SECONDS = 60.0
MOST_SECONDS = 86400.0


class _Seconds(click.FloatRange):
    """A time limit; the word after the option may have been meant for something else, which is said."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            float(value)
        except ValueError:
            self.fail(f"{value!r} is no number of seconds; write --wait-quiet=60, or put it last", param, ctx)
        return float(super().convert(value, param, ctx))


def wait_quiet_option(function: F) -> F:
    """Add the option to a command; its value is None where it was not given."""
    add = click.option(
        "--wait-quiet",
        metavar="[SECONDS]",
        type=_Seconds(0.0, MOST_SECONDS),
        is_flag=False,
        flag_value=DEFAULT_SECONDS,
        help=f"Wait until the machine is quiet before taking times, at most so long (default {DEFAULT_SECONDS:.0f}).",
    )
    return add(function)
