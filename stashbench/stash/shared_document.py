"""What two documents have in common: of one page fitted to two releases, the part that both answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from stashbench.stash.nodes import replaced

if TYPE_CHECKING:
    from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode

    Selection: TypeAlias = FieldNode | FragmentSpreadNode | InlineFragmentNode


def shared_document(own: str, other: str) -> str:
    """Return `own` without the fields whose answers `other` does not give; the very same text where it gives all.

    Fields are held against each other by the name of their answer, because a release may know one by another name.
    Variables that are no longer used stay declared.
    """
    import graphql

    tree = graphql.parse(own, no_location=True)
    operation, counterpart = _operation(tree), _operation(graphql.parse(other, no_location=True))
    selections = _shared(operation.selection_set, counterpart.selection_set)
    if selections is None or selections == operation.selection_set:
        return own
    pruned = replaced(operation, selection_set=selections)
    definitions = tuple(pruned if node is operation else node for node in tree.definitions)
    return graphql.print_ast(graphql.DocumentNode(definitions=definitions))


def _operation(tree: object) -> OperationDefinitionNode:
    import graphql

    assert isinstance(tree, graphql.DocumentNode)
    return next(node for node in tree.definitions if isinstance(node, graphql.OperationDefinitionNode))


def _shared(own: SelectionSetNode, other: SelectionSetNode) -> SelectionSetNode | None:
    """Return the selections of `own` that `other` has too; None where there is none."""
    counterparts = {_key(node): node for node in other.selections}
    kept = []
    for node in own.selections:
        counterpart = counterparts.get(_key(node))
        if counterpart is None:
            continue
        inner, theirs = getattr(node, "selection_set", None), getattr(counterpart, "selection_set", None)
        if inner is None or theirs is None:
            kept.append(node)
        elif (shared := _shared(inner, theirs)) is not None:
            kept.append(replaced(node, selection_set=shared))
    return replaced(own, selections=tuple(kept)) if kept else None


def _key(node: object) -> tuple[str, str]:
    """Return the name under which a field answers; fragments go by what they are about."""
    import graphql

    if isinstance(node, graphql.FieldNode):
        return "field", (node.alias or node.name).value
    if isinstance(node, graphql.FragmentSpreadNode):
        return "spread", node.name.value
    assert isinstance(node, graphql.InlineFragmentNode)
    return "on", node.type_condition.name.value if node.type_condition else ""
