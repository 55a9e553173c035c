"""Walks through a parsed operation and takes out what a server does not offer; see `adapt` for the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stashbench.stash.adapt_variables import Variables
from stashbench.stash.capabilities import Capabilities
from stashbench.stash.lacks import (
    Lack,
    demanded,
    lacking_argument,
    lacking_field,
    lacking_operations,
    nothing_left,
)
from stashbench.stash.nodes import replaced, spread_names
from stashbench.stash.offered_types import OfferedField, named_type
from stashbench.stash.offered_values import ValueCheck, read_literal
from stashbench.stash.siblings import name_on_server

if TYPE_CHECKING:
    from graphql import (
        ArgumentNode,
        FieldNode,
        FragmentDefinitionNode,
        FragmentSpreadNode,
        InlineFragmentNode,
        Node,
        OperationDefinitionNode,
        SelectionNode,
        SelectionSetNode,
        ValueNode,
    )


class Pruner:
    """Prunes one operation. What had to go is in `left_out`, in order, once each, with a sentence."""

    def __init__(
        self,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        capabilities: Capabilities,
    ) -> None:
        self._operation = operation
        self._fragments = fragments
        self._capabilities = capabilities
        self._pruned: dict[str, FragmentDefinitionNode | None] = {}
        self._kind = operation.operation.value
        self._root = capabilities.root_type(self._kind)
        self._root_lack: Lack | None = None
        self.variables = Variables(capabilities, operation.variable_definitions or ())
        self._check = ValueCheck(capabilities, self.variables.lack_at)
        self.left_out: dict[str, str] = {}

    def prune(self) -> tuple[OperationDefinitionNode | None, str]:
        """Return the operation without what is not offered, or None and the reason why nothing is left of it."""
        if not self._capabilities.has_type(self._root):
            sentence = lacking_operations(self._kind).sentence
            names = (f"{self._root}.{name}" for name in _fields(self._operation.selection_set))
            self.left_out |= dict.fromkeys(names, sentence)
            return None, sentence
        selections = self._selections(self._operation.selection_set, self._root)
        if selections is not None:
            return replaced(self._operation, selection_set=selections), ""
        if self._root_lack is not None:
            return None, self._root_lack.sentence
        first = next(_fields(self._operation.selection_set), "")
        return None, nothing_left(self._kind, first, list(self.left_out))

    def fragments(self, node: Node) -> dict[str, FragmentDefinitionNode]:
        """Return the pruned fragments that a pruned node spreads, directly or through others."""
        found: dict[str, FragmentDefinitionNode] = {}
        waiting: list[Node] = [node]
        while waiting:
            for name in spread_names(waiting.pop()):
                fragment = self._pruned.get(name)
                if fragment is not None and name not in found:
                    found[name] = fragment
                    waiting.append(fragment)
        return found

    def _selections(self, node: SelectionSetNode, type_name: str) -> SelectionSetNode | None:
        kept = [pruned for item in node.selections if (pruned := self._selection(item, type_name)) is not None]
        return replaced(node, selections=tuple(kept)) if kept else None

    def _selection(self, node: SelectionNode, type_name: str) -> SelectionNode | None:
        import graphql

        if isinstance(node, graphql.FieldNode):
            return self._field(node, type_name)
        if isinstance(node, graphql.InlineFragmentNode):
            return self._inline(node, type_name)
        assert isinstance(node, graphql.FragmentSpreadNode)
        return self._spread(node, type_name)

    def _field(self, node: FieldNode, type_name: str) -> FieldNode | None:
        if node.name.value.startswith("__"):
            self._keep_fragments(node)
            return node  # every GraphQL server knows these
        name = name_on_server(self._capabilities, type_name, node.name.value)
        offered = None if name is None else self._capabilities.field(type_name, name)
        kind = None if offered is None else self._capabilities.types.get(named_type(offered.type))
        is_root = type_name == self._root
        if name is None or offered is None or kind is None or kind.is_composite != bool(node.selection_set):
            self._leave(lacking_field(type_name, node.name.value, self._kind if is_root else ""), type_name)
            return None
        before = self.variables.snapshot(), dict(self.left_out)
        selections = None
        if node.selection_set:
            selections = self._selections(node.selection_set, named_type(offered.type))
            if selections is None:
                self.variables.restore(before[0])  # the parts that are gone are listed, their variables lose nothing
                return None
        arguments = self._arguments(node, offered, name if is_root else f"{type_name}.{name}", type_name)
        if isinstance(arguments, Lack):
            self.variables.restore(before[0])
            self.left_out = before[1]
            self._leave(arguments, type_name)
            return None
        return replaced(_renamed(node, name), selection_set=selections, arguments=tuple(arguments))

    def _leave(self, lack: Lack, type_name: str) -> None:
        self.left_out[lack.name] = lack.sentence
        if type_name == self._root and self._root_lack is None:
            self._root_lack = lack

    def _arguments(
        self, node: FieldNode, offered: OfferedField, where: str, type_name: str
    ) -> list[ArgumentNode] | Lack:
        kept = []
        full = f"{type_name}.{where.rpartition('.')[2]}"
        for argument in node.arguments or ():
            name = argument.name.value
            known = offered.arguments.get(name)
            if known is None:
                lack = lacking_argument(full, name, where)
                if not self._is_without_effect(argument.value, lack):
                    return lack
                continue
            found = self._check.lack(read_literal(argument.value), known, f"{full}({name}:)")
            if found is not None:
                return found
            kept.append(argument)
        given = {argument.name.value for argument in kept}
        absent = (name for name, known in offered.arguments.items() if known.is_required and name not in given)
        return next((demanded(f"{full}({name}:)") for name in absent), kept)

    def _is_without_effect(self, value: ValueNode, lack: Lack) -> bool:
        """Say whether an argument can go: it is null, or a variable that may be without a value."""
        import graphql

        if isinstance(value, graphql.VariableNode):
            can_go = self.variables.lose(value.name.value, lack)
        else:
            can_go = isinstance(value, graphql.NullValueNode)
        if can_go:
            self.left_out[lack.name] = lack.sentence
        return can_go

    def _inline(self, node: InlineFragmentNode, type_name: str) -> InlineFragmentNode | None:
        condition = node.type_condition.name.value if node.type_condition else type_name
        if not self._can_be(type_name, condition):
            self.left_out[condition] = f"this server does not offer {condition} here"
            return None
        selections = self._selections(node.selection_set, condition)
        return None if selections is None else replaced(node, selection_set=selections)

    def _spread(self, node: FragmentSpreadNode, type_name: str) -> FragmentSpreadNode | None:
        name = node.name.value
        fragment = self._fragments.get(name)
        if fragment is None:
            return None
        condition = fragment.type_condition.name.value
        if not self._can_be(type_name, condition):
            self.left_out[condition] = f"this server does not offer {condition} here"
            return None
        if name not in self._pruned:
            selections = self._selections(fragment.selection_set, condition)
            self._pruned[name] = None if selections is None else replaced(fragment, selection_set=selections)
        return None if self._pruned[name] is None else node

    def _keep_fragments(self, node: Node) -> None:
        """Keep the fragments of a question for the server's types as they are."""
        for name in spread_names(node):
            if name in self._fragments and name not in self._pruned:
                self._pruned[name] = self._fragments[name]
                self._keep_fragments(self._fragments[name])

    def _can_be(self, type_name: str, condition: str) -> bool:
        possible = self._capabilities.possible_types
        return bool(possible(type_name) & possible(condition))


def _fields(selections: SelectionSetNode) -> Iterator[str]:
    import graphql

    return (item.name.value for item in selections.selections if isinstance(item, graphql.FieldNode))


def _renamed(node: FieldNode, name: str) -> FieldNode:
    """Ask by the server's name for what the answer shall hold under ours."""
    from graphql import NameNode

    if node.name.value == name:
        return node
    return replaced(node, alias=node.alias or node.name, name=NameNode(value=name))
