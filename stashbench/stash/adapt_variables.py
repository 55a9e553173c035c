"""The variables of an operation while it is fitted to a server: their types, and those whose place is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from stashbench.stash.capabilities import Capabilities
from stashbench.stash.lacks import Lack, differing_value
from stashbench.stash.nodes import replaced
from stashbench.stash.offered_types import OfferedInput, named_type
from stashbench.stash.offered_values import ValueCheck, read_literal

if TYPE_CHECKING:
    from graphql import VariableDefinitionNode

_FREE_KINDS = frozenset({"INPUT_OBJECT", "ENUM"})


class Variables:
    """The declared variables by name. `lost` are those an argument would take that the server has not."""

    def __init__(self, capabilities: Capabilities, definitions: Iterable[VariableDefinitionNode]) -> None:
        import graphql

        self._capabilities = capabilities
        self._definitions = {node.variable.name.value: node for node in definitions}
        self._types = {name: graphql.print_ast(node.type) for name, node in self._definitions.items()}
        self.lost: dict[str, Lack] = {}

    def snapshot(self) -> tuple[dict[str, str], dict[str, Lack]]:
        """Return what `restore` needs to undo what follows."""
        return dict(self._types), dict(self.lost)

    def restore(self, state: tuple[dict[str, str], dict[str, Lack]]) -> None:
        """Forget what was noted since the snapshot, for a part that is left out as a whole."""
        types, lost = state
        self._types, self.lost = dict(types), dict(lost)

    def lose(self, name: str, lack: Lack) -> bool:
        """Note that a place of a variable is gone; False where the variable always has a value, so that it matters."""
        node = self._definitions.get(name)
        if node is None or self._types[name].endswith("!") or node.default_value is not None:
            return False
        self.lost.setdefault(name, lack)
        return True

    def lack_at(self, name: str, offered: OfferedInput, where: str) -> Lack | None:
        """Say whether a variable fits a place; a type that only has another name there is renamed."""
        node = self._definitions.get(name)
        if node is None:
            return differing_value(where, offered.type)
        declared = self._types[name]
        has_default = offered.type.endswith("!") and not offered.is_required
        is_known = self._capabilities.has_type(named_type(declared))
        is_fitting = is_known and _is_allowed(declared, offered.type, has_default or _has_default(node))
        if not is_fitting and not self._rename(name, declared, offered.type, is_known=is_known):
            return differing_value(where, offered.type)
        if node.default_value is None:
            return None
        own = OfferedInput(self._types[name], is_required=False)
        return ValueCheck(self._capabilities).lack(read_literal(node.default_value), own, where)

    def _rename(self, name: str, declared: str, wanted: str, *, is_known: bool) -> bool:
        """Take the type the server wants where ours is unknown to it, or differs only in what may be null."""
        is_renamed = declared != _type_of(self._definitions[name])
        is_same = declared.replace("!", "") == wanted.replace("!", "")
        kind = self._capabilities.types.get(named_type(wanted))
        is_free = not is_known and kind is not None and kind.kind in _FREE_KINDS
        has_same_shape = _shape(declared) == _shape(wanted)
        if is_renamed or not (is_same or (is_free and has_same_shape)):
            return False
        self._types[name] = wanted
        return True

    def definitions(self, used: Collection[str]) -> tuple[VariableDefinitionNode, ...]:
        """Return the definitions of the variables in use, in the document's order."""
        import graphql

        kept = []
        for name, node in self._definitions.items():
            if name in used:
                kept.append(replaced(node, type=graphql.parse_type(self._types[name], no_location=True)))
        return tuple(kept)

    def offered(self, used: Collection[str]) -> dict[str, OfferedInput]:
        """Return the variables in use with their types."""
        return {
            name: OfferedInput(self._types[name], self._types[name].endswith("!") and node.default_value is None)
            for name, node in self._definitions.items()
            if name in used
        }


def _type_of(node: VariableDefinitionNode) -> str:
    import graphql

    return graphql.print_ast(node.type)


def _has_default(node: VariableDefinitionNode) -> bool:
    import graphql

    return node.default_value is not None and not isinstance(node.default_value, graphql.NullValueNode)


def _shape(type_text: str) -> str:
    """Return the lists of a type without its name and what may be null."""
    return type_text.replace("!", "").replace(named_type(type_text), "")


def _is_allowed(declared: str, wanted: str, has_default: bool) -> bool:
    """Say whether a variable may stand where a type is wanted, by the rules of GraphQL."""
    if wanted.endswith("!") and not declared.endswith("!"):
        return has_default and _is_compatible(declared, wanted[:-1])
    return _is_compatible(declared, wanted)


def _is_compatible(declared: str, wanted: str) -> bool:
    if wanted.endswith("!"):
        return declared.endswith("!") and _is_compatible(declared[:-1], wanted[:-1])
    declared = declared.removesuffix("!")
    if wanted.startswith("[") and declared.startswith("["):
        return _is_compatible(declared[1:-1], wanted[1:-1])
    return declared == wanted
