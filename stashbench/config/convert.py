"""Turn text and TOML values into the types settings declare, with one clear sentence where that fails."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

from stashbench.errors import ConfigurationError
from stashbench.model.secret import Secret

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def convert(key: str, value: object, kind: Any) -> Any:
    """Convert `value` to the declared type of the setting `key`.

    Raises:
        ConfigurationError: the value does not fit; a secret's value is never part of the message.
    """
    if get_origin(kind) is UnionType:
        kind = next(part for part in get_args(kind) if part is not NoneType)
    if kind is Secret:
        if not isinstance(value, Secret | str):
            message = f"{key} is not text; write it in quotes"
            raise ConfigurationError(message)
        return value if isinstance(value, Secret) else Secret(value)
    if get_origin(kind) is Literal:
        return _choice(key, value, get_args(kind))
    if get_origin(kind) is tuple:
        return tuple(str(item) for item in value) if isinstance(value, list | tuple) else (str(value),)
    converter, noun = _CONVERTERS[kind]
    try:
        return converter(value)
    except (TypeError, ValueError) as error:
        message = f"{key} = {value!r} is not {noun}"
        raise ConfigurationError(message) from error


def _choice(key: str, value: object, choices: tuple[object, ...]) -> object:
    if value not in choices:
        message = f"{key} = {value!r} is not one of {', '.join(map(str, choices))}"
        raise ConfigurationError(message)
    return value


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(word)
    return word in _TRUE


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(value)
    return int(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return number


_CONVERTERS: dict[type, tuple[Callable[[Any], object], str]] = {
    bool: (_truth, "true or false"),
    int: (_whole, "a whole number"),
    float: (_number, "a number"),
    Path: (Path, "a path"),
    str: (str, "text"),
}
