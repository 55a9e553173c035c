"""Says whether values given to arguments are ones a server takes: its inputs' fields and enumerations by name.

A filter that a server does not know must not be dropped: another page would be measured under the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from stashbench.stash.capabilities import Capabilities
from stashbench.stash.lacks import Lack, demanded, differing_value, lacking_input, lacking_value
from stashbench.stash.offered_types import OfferedInput, OfferedType

if TYPE_CHECKING:
    from graphql import ValueNode

CheckVariable = Callable[[str, OfferedInput, str], Lack | None]

_SCALARS: Mapping[str, tuple[type, ...]] = {
    "Int": (int,),
    "Float": (int, float),
    "String": (str,),
    "Boolean": (bool,),
    "ID": (str, int),
}


class BareName(str):
    """A word without quotes in a document: a value of an enumeration."""

    __slots__ = ()


class VariableName(str):
    """A variable in a document."""

    __slots__ = ()


class ValueCheck:
    """Judges values against one server's inputs; `check_variable` judges the variables in those of a document."""

    def __init__(self, capabilities: Capabilities, check_variable: CheckVariable | None = None) -> None:
        self._types = capabilities.types
        self._check_variable = check_variable

    def lack(self, value: object, offered: OfferedInput, where: str) -> Lack | None:
        """Return what a server lacks to take this value at this place; `where` names it.

        Scalars of the server's own are taken as they are: of them nothing is known.
        """
        if isinstance(value, VariableName):
            return self._variable(value, offered, where)
        if value is None:
            return demanded(where) if offered.type.endswith("!") else None
        text = offered.type.removesuffix("!")
        if text.startswith("["):
            inner = OfferedInput(text[1:-1], text.endswith("!]"))
            items = value if isinstance(value, list | tuple) else [value]
            return next((lack for item in items if (lack := self.lack(item, inner, where))), None)
        kind = self._types.get(text)
        if kind is not None and kind.kind == "INPUT_OBJECT" and isinstance(value, Mapping):
            return self._fields(text, kind, value)
        if kind is not None and kind.kind == "ENUM" and isinstance(value, str):
            return None if value in kind.values else lacking_value(text, value)
        is_right = kind is not None and kind.kind == "SCALAR" and _is_scalar(value, text)
        return None if is_right else differing_value(where, text)

    def _variable(self, name: str, offered: OfferedInput, where: str) -> Lack | None:
        if self._check_variable is None:
            return differing_value(where, offered.type)
        return self._check_variable(str(name), offered, where)

    def _fields(self, type_name: str, kind: OfferedType, fields: Mapping[Any, Any]) -> Lack | None:
        for name, value in fields.items():
            offered = kind.inputs.get(name)
            if offered is None:
                return lacking_input(type_name, str(name))
            lack = self.lack(value, offered, f"{type_name}.{name}")
            if lack is not None:
                return lack
        absent = (name for name, offered in kind.inputs.items() if offered.is_required and name not in fields)
        return next((demanded(f"{type_name}.{name}") for name in absent), None)


def read_literal(node: ValueNode) -> object:
    """Return a value written in a document as Python holds it; a number keeps its kind, a name is no text."""
    import graphql

    if isinstance(node, graphql.VariableNode):
        return VariableName(node.name.value)
    if isinstance(node, graphql.EnumValueNode):
        return BareName(node.value)
    if isinstance(node, graphql.ListValueNode):
        return [read_literal(item) for item in node.values]
    if isinstance(node, graphql.ObjectValueNode):
        return {item.name.value: read_literal(item.value) for item in node.fields}
    return graphql.value_from_ast_untyped(node)


def _is_scalar(value: object, name: str) -> bool:
    kinds = _SCALARS.get(name)
    if kinds is None:
        return True
    if isinstance(value, bool) and name != "Boolean":
        return False  # for Python it is a number
    return isinstance(value, kinds) and not isinstance(value, BareName)
