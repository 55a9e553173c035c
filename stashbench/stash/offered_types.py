"""The types of a server's API as far as requests depend on them, read from an introspection answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,199}")
_COMPOSITE = frozenset({"OBJECT", "INTERFACE", "UNION"})


@dataclass(frozen=True, slots=True)
class OfferedInput:
    """An argument of a field, or a field of an input: its type as a schema writes it, such as `[ID!]`."""

    type: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class OfferedField:
    """A field of an object: its type as a schema writes it, and its arguments by name."""

    type: str
    arguments: Mapping[str, OfferedInput] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferedType:
    """One type: `fields` of an object, `inputs` of an input, `values` of an enumeration, by its `kind`.

    `possible_types` are the objects an interface or a union stands for.
    """

    kind: str
    fields: Mapping[str, OfferedField] = field(default_factory=dict)
    inputs: Mapping[str, OfferedInput] = field(default_factory=dict)
    values: frozenset[str] = frozenset()
    possible_types: frozenset[str] = frozenset()

    @property
    def is_composite(self) -> bool:
        """Say whether fields must be selected of it."""
        return self.kind in _COMPOSITE

    def has(self, name: str) -> bool:
        """Say whether it has a field, an input or a value of that name."""
        return name in self.fields or name in self.inputs or name in self.values


def named_type(type_text: str) -> str:
    """Return the name inside a type, such as `Scene` for `[Scene!]!`."""
    return type_text.strip("[]!")


def read_type(described: Mapping[str, Any]) -> OfferedType:
    """Read one entry of `__schema.types`. Raises KeyError or TypeError where it has not the form it should have."""
    return OfferedType(
        kind=read_name(described["kind"]),
        fields={
            read_name(item["name"]): OfferedField(_reference(item["type"]), _inputs(item["args"]))
            for item in described["fields"] or ()  # null where a type has no such group, here and below
        },
        inputs=_inputs(described["inputFields"] or ()),
        values=frozenset(read_name(item["name"]) for item in described["enumValues"] or ()),
        possible_types=frozenset(read_name(item["name"]) for item in described["possibleTypes"] or ()),
    )


def _inputs(described: Any) -> dict[str, OfferedInput]:
    inputs = {}
    for item in described:
        text = _reference(item["type"])
        inputs[read_name(item["name"])] = OfferedInput(text, text.endswith("!") and item["defaultValue"] is None)
    return inputs


def _reference(described: Mapping[str, Any]) -> str:
    """Return a type reference as a schema writes it."""
    if described["kind"] == "NON_NULL":
        return f"{_reference(described['ofType'])}!"
    if described["kind"] == "LIST":
        return f"[{_reference(described['ofType'])}]"
    return read_name(described["name"])


def read_name(value: object) -> str:
    """Return a name that can stand in a document; a server may send anything."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise TypeError(value)
    return value
