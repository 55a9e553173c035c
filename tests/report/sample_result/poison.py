"""Puts one text into every field of a result."""

from __future__ import annotations

import msgspec

from stashbench.model.base import Word


def poison(value: object, text: str) -> object:
    """Replace every string of a result by `text`, words of closed vocabularies excepted."""
    if isinstance(value, Word):
        return value
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(poison(item, text) for item in value)
    if isinstance(value, dict):
        return {f"{text}{index}": poison(item, text) for index, item in enumerate(value.values())}
    if isinstance(value, msgspec.Struct):
        changes = {name: poison(getattr(value, name), text) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **changes)
    return value
