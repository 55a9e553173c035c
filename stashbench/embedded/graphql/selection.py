"""Which fields of an answer a request selects: totals are computed only then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    get_directive_values,
)


def selected_names(info: GraphQLResolveInfo[Any]) -> frozenset[str]:
    """Names of the fields directly below the resolved field, through fragments, without those left out."""
    names: set[str] = set()
    for node in info.field_nodes:
        if node.selection_set is not None:
            _collect(info, node.selection_set.selections, names)
    return frozenset(names)


def _collect(info: GraphQLResolveInfo[Any], selections: Iterable[SelectionNode], names: set[str]) -> None:
    for node in selections:
        if not _is_included(info, node):
            continue
        if isinstance(node, FieldNode):
            names.add(node.name.value)
        elif isinstance(node, InlineFragmentNode):
            _collect(info, node.selection_set.selections, names)
        elif isinstance(node, FragmentSpreadNode):
            _collect(info, info.fragments[node.name.value].selection_set.selections, names)


def _is_included(info: GraphQLResolveInfo[Any], node: SelectionNode) -> bool:
    skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
    if skip and skip["if"]:
        return False
    include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
    return not include or bool(include["if"])
