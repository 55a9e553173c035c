"""What a server of ours gets besides its library: variables of its environment, settings, a database of the user's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stashbench.errors import UsageError
from stashbench.model.text import one_line
from stashbench.target.guarded import STASH_PREFIX, is_guarded_setting, is_guarded_variable, is_secret

Value = str | int | float | bool | None
CACHE_SIZE_VARIABLE = "STASH_SQLITE_CACHE_SIZE"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SHOWN = 80
_RUNTIME = ("GOGC", "GOMAXPROCS", "GOMEMLIMIT", "GODEBUG", "MALLOC_ARENA_MAX")


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What one server is given. `database` is copied before it is served; `left_out` names settings not taken over."""

    environment: Mapping[str, str] = field(default_factory=dict)
    configuration: Mapping[str, Value] = field(default_factory=dict)
    database: Path | None = None
    left_out: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything special about it."""
        return bool(self.environment or self.configuration or self.database)

    def refuse_for_attached(self) -> None:
        """Raise UsageError if something is to be given to a server that somebody else started."""
        if self:
            message = (
                "A server at an address is not started by us, so it gets no environment, settings or database: give "
                "the path of a program instead, or leave those options out."
            )
            raise UsageError(message)

    def in_words(self) -> tuple[str, ...]:
        """Return what is special about this server, one phrase each, without values that might be secret."""
        return (
            *((f"a copy of {one_line(str(self.database), _SHOWN)} as its database",) if self.database else ()),
            *(f"{shown_variable(name, value)} in its environment" for name, value in sorted(self.environment.items())),
            *(
                f"{name}: {one_line(str(value), _SHOWN)} in its settings"
                for name, value in sorted(self.configuration.items())
            ),
        )


def parse_variables(texts: Iterable[str], option: str) -> dict[str, str]:
    """Read NAME=VALUE, as given to `option`.

    Raises:
        UsageError: another form, a secret, or a variable that must stay ours.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not _NAME.fullmatch(name):
            message = f"{option} takes NAME=VALUE, such as {CACHE_SIZE_VARIABLE}=-64000."
            raise UsageError(message)
        if is_secret(name):
            message = f"{option} {name}: secrets are not for command lines, which others can read; leave it out."
            raise UsageError(message)
        if is_guarded_variable(name):
            message = (
                f"{option} {name}: where a server we start lives, listens and keeps its files stays ours, so that it "
                "cannot touch yours; leave it out."
            )
            raise UsageError(message)
        if name == CACHE_SIZE_VARIABLE and not re.fullmatch(r"-?\d+", value):
            message = f"{option} {name}: {one_line(value, _SHOWN)!r} is not a whole number (pages, or KiB if negative)."
            raise UsageError(message)
        found[name] = value
    return found


def shown_variable(name: str, value: str) -> str:
    """Return a variable as a report may show it: the values of Stash's and Go's own, of all others only the name."""
    if name.upper().startswith(STASH_PREFIX) or name in _RUNTIME:
        return f"{name}={one_line(value, _SHOWN)}"
    return name


def hide_values(arguments: Iterable[str], options: Iterable[str]) -> list[str]:
    """Return a command line with the values of variables replaced that a report does not show."""
    shown, names = [], tuple(options)
    is_next = False
    for argument in arguments:
        option, equals, rest = argument.partition("=")
        if is_next:
            shown.append(_hidden(argument))
        elif option in names and equals:
            shown.append(f"{option}={_hidden(rest)}")
        else:
            shown.append(argument)
        is_next = argument in names
    return shown


def _hidden(text: str) -> str:
    name, equals, value = text.partition("=")
    if not equals or "=" in shown_variable(name, value):
        return text
    return f"{name}=..."


def split_settings(values: Mapping[str, Value]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Part settings that a server of ours may have from those that must stay ours: secrets, paths, addresses."""
    taken = {name: value for name, value in values.items() if not is_guarded_setting(name)}
    return taken, tuple(sorted(set(values) - set(taken)))
