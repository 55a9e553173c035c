"""What a target is called on a command line that takes two: an address, a Stash program, or `embedded[:FAULT,...]`."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path

from stashbench.config.target import TargetSettings
from stashbench.errors import UsageError
from stashbench.model.secret import KEY_VARIABLE, PASSWORD_VARIABLE, USERNAME_VARIABLE, Secret
from stashbench.model.text import one_line

EMBEDDED = "embedded"
_SCHEMES = ("http://", "https://")
_SHOWN = 120


def parse_spec(text: str, base: TargetSettings) -> TargetSettings:
    """Return settings for the target that `text` names; what is not about its place is taken from `base`.

    Raises:
        UsageError: it is none of the three, or the program is not there.
    """
    place = dataclasses.replace(
        base, url=None, binary=None, database=None, pid=None, log_file=None, node_exporter=None, faults=()
    )
    if text.startswith(_SCHEMES):
        return dataclasses.replace(place, url=text)
    if text == EMBEDDED or text.startswith(f"{EMBEDDED}:"):
        _, _, rest = text.partition(":")
        return dataclasses.replace(place, faults=tuple(fault for fault in rest.split(",") if fault))
    path = Path(text).expanduser()
    if not path.is_file():
        # With a scheme or a slash too few it may be an address that carries a password or a key.
        shown = "What holds @ or ?" if set(text) & {"@", "?"} else one_line(text, _SHOWN)
        message = (
            f"{shown} is no target: give an address (http://...), the path of a Stash program that is "
            f"there, or {EMBEDDED}, with faults as {EMBEDDED}:latency=FindScenes:20."
        )
        raise UsageError(message)
    if not os.access(path, os.X_OK):
        message = f"{one_line(text, _SHOWN)} is not a program that may be run; give a Stash program, or `chmod +x` it."
        raise UsageError(message)
    return dataclasses.replace(place, binary=path.absolute())


def with_secrets_of(settings: TargetSettings, side: str, environ: Mapping[str, str]) -> TargetSettings:
    """Prefer the secrets meant for one side (`STASH_API_KEY_A` for side `a`) to those for both."""

    def chosen(variable: str, common: Secret | None) -> Secret | None:
        own = environ.get(f"{variable}_{side.upper()}")
        return Secret(own) if own else common

    return dataclasses.replace(
        settings,
        api_key=chosen(KEY_VARIABLE, settings.api_key),
        username=chosen(USERNAME_VARIABLE, settings.username),
        password=chosen(PASSWORD_VARIABLE, settings.password),
    )
