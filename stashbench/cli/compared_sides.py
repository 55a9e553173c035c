"""The two sides of a comparison as the command line gives them: targets, and what each server gets besides."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stashbench.errors import UsageError
from stashbench.model.text import one_line

if TYPE_CHECKING:
    from stashbench.compare.side import Side
    from stashbench.config.target import TargetSettings
    from stashbench.target.setup import Setup

_SHOWN = 200
_PATH = click.Path(path_type=Path)


def side_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that set up one side: variables of its environment, settings, a database."""
    for letter in ("b", "a"):
        which = f"server {letter.upper()}, where we start it"
        for option in (
            click.option(f"--database-{letter}", metavar="FILE", type=_PATH, help=f"Serve a copy of it by {which}."),
            click.option(
                f"--config-{letter}",
                metavar="FILE",
                type=_PATH,
                help=f"Settings (config.yml or JSON) for {which}.",
            ),
            click.option(
                f"--env-{letter}", metavar="NAME=VALUE", multiple=True, help=f"Variable for {which}; repeatable."
            ),
        ):
            function = option(function)
    return function


def make_sides(names: tuple[str, str | None], base: TargetSettings, chosen: Mapping[str, Any]) -> tuple[Side, Side]:
    """Make both sides; a target given once is that of both.

    Raises:
        UsageError: no target, or options that do not fit it.
    """
    from stashbench.compare.side import SIDES, Side
    from stashbench.target.spec import parse_spec, with_secrets_of

    setups = {letter: _setup(letter, chosen) for letter in SIDES}
    if names[1] is None and setups["a"] == setups["b"]:
        message = (
            "Give two targets to compare, or one and what differs, such as --env-b STASH_SQLITE_CACHE_SIZE=-64000, "
            "--config-b FILE or --database-b FILE."
        )
        raise UsageError(message)
    made = []
    for letter, name in zip(SIDES, (names[0], names[1] or names[0]), strict=True):
        settings = with_secrets_of(parse_spec(name, base), letter, os.environ)
        if settings.url is not None:
            setups[letter].refuse_for_attached()
        label = chosen[f"label_{letter}"] or letter.upper()
        made.append(Side(letter, label, one_line(name, _SHOWN), settings, setups[letter]))
    return made[0], made[1]


def _setup(letter: str, chosen: Mapping[str, Any]) -> Setup:
    from stashbench.target.managed.settings_file import read_settings
    from stashbench.target.setup import Setup, parse_variables

    environment = parse_variables(chosen[f"env_{letter}"], f"--env-{letter}")
    path = chosen[f"config_{letter}"]
    configuration, left_out = read_settings(path, f"--config-{letter}") if path is not None else ({}, ())
    database = chosen[f"database_{letter}"]
    return Setup(
        environment=environment,
        configuration=configuration,
        database=database.absolute() if database is not None else None,
        left_out=left_out,
    )
