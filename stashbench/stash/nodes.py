"""Reads and changes nodes of a parsed document; they are frozen, so a change gives a new node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from graphql import Node

_AnyNode = TypeVar("_AnyNode", bound="Node")


def replaced(node: _AnyNode, **changes: object) -> _AnyNode:
    """Return a copy of a node with some of its parts replaced."""
    parts: dict[str, Any] = {key: getattr(node, key) for key in node.keys}
    return type(node)(**parts | changes)


def spread_names(node: Node) -> Iterator[str]:
    """Return the names of the fragments a node spreads itself."""
    import graphql

    for child in _descendants(node):
        if isinstance(child, graphql.FragmentSpreadNode):
            yield child.name.value


def used_variables(node: Node) -> Iterator[str]:
    """Return the names of the variables used below a node, but not declared there."""
    import graphql

    for child in _descendants(node):
        if isinstance(child, graphql.ArgumentNode):
            for inner in _descendants(child):
                if isinstance(inner, graphql.VariableNode):
                    yield inner.name.value


def _descendants(node: Node) -> Iterator[Node]:
    from graphql import Node

    for key in node.keys:
        value: Any = getattr(node, key, None)
        for child in value if isinstance(value, list | tuple) else (value,):
            if isinstance(child, Node):
                yield child
                yield from _descendants(child)
