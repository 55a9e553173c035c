"""Fits a GraphQL document to what a server offers, and says what had to be left out or why nothing is left.

What is dropped is only ever a part of the answer: a field that is not there, or one that cannot be asked the way we
ask. What decides which rows a page shows - arguments of its query, and the filters in its variables - is never
dropped while it has a value, because another page would be measured under the same name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stashbench.errors import NotOfferedError, UsageError
from stashbench.model.text import one_line
from stashbench.stash.adapt_operation import Pruner
from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import PreparedRequest, StashClient
from stashbench.stash.lacks import Lack
from stashbench.stash.nodes import replaced, used_variables
from stashbench.stash.offered_types import OfferedInput
from stashbench.stash.offered_values import ValueCheck

MESSAGE_LIMIT = 200
# A comment in a document: without these, as `left_out` names them, it would be about something else.
_ESSENTIAL = re.compile(r"^# Essential: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptedDocument:
    """A document a server takes. With `missing` - why there is none - the text is empty.

    `left_out` names what had to go, as `Type.field` or `Type.field(argument:)`. `variables` are those the text
    declares; a value for one of `lost_variables` would be lost on this server.
    """

    text: str
    left_out: tuple[str, ...] = ()
    missing: str = ""
    variables: Mapping[str, OfferedInput] = field(default_factory=dict)
    lost_variables: Mapping[str, Lack] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptedRequest:
    """An adapted document with the values of its variables; with `missing` it cannot be asked of this server."""

    text: str
    variables: Mapping[str, Any]
    left_out: tuple[str, ...] = ()
    missing: str = ""


def adapt_document(document: str, capabilities: Capabilities) -> AdaptedDocument:
    """Return a document without what a server does not offer; the very same text where it offers everything.

    Raises:
        UsageError: the text is no GraphQL document, or holds several operations or none.
    """
    import graphql

    try:
        tree = graphql.parse(document, no_location=True)
    except graphql.GraphQLError as error:
        message = f"This is no GraphQL document: {one_line(error.message, MESSAGE_LIMIT)}"
        raise UsageError(message) from error
    operations = [node for node in tree.definitions if isinstance(node, graphql.OperationDefinitionNode)]
    if len(operations) != 1:
        message = f"This GraphQL document holds {len(operations)} operations: give each a document of its own."
        raise UsageError(message)
    fragments = {n.name.value: n for n in tree.definitions if isinstance(n, graphql.FragmentDefinitionNode)}
    pruner = Pruner(operations[0], fragments, capabilities)
    pruned, missing = pruner.prune()
    left_out = tuple(pruner.left_out)
    essential = {name.strip() for names in _ESSENTIAL.findall(document) for name in names.split(",")}
    missing = missing or next((words for name, words in pruner.left_out.items() if name in essential), "")
    if pruned is None or missing:
        return AdaptedDocument(text="", left_out=left_out, missing=missing)
    spread = pruner.fragments(pruned)
    used = {name for node in (pruned, *spread.values()) for name in used_variables(node)}
    declared = replaced(pruned, variable_definitions=pruner.variables.definitions(used))
    kept = (declared, *(spread[name] for name in fragments if name in spread))
    printed = graphql.print_ast(graphql.DocumentNode(definitions=kept))
    is_unchanged = printed == graphql.print_ast(tree)
    return AdaptedDocument(
        text=document if is_unchanged else printed,
        left_out=left_out,
        variables=pruner.variables.offered(used),
        lost_variables=pruner.variables.lost,
    )


def adapt_request(
    document: AdaptedDocument, variables: Mapping[str, Any] | None, capabilities: Capabilities
) -> AdaptedRequest:
    """Fit the values of a document's variables: those it no longer declares go, and those a server lacks are told."""
    if document.missing:
        return AdaptedRequest(text="", variables={}, left_out=document.left_out, missing=document.missing)
    given = dict(variables or {})
    lack = _lack_of_variables(document, given, capabilities)
    return AdaptedRequest(
        text=document.text,
        variables={name: value for name, value in given.items() if name in document.variables},
        left_out=document.left_out,
        missing="" if lack is None else lack.sentence,
    )


def _lack_of_variables(document: AdaptedDocument, given: Mapping[str, Any], capabilities: Capabilities) -> Lack | None:
    for name, lack in document.lost_variables.items():
        if given.get(name) is not None:
            return lack
    check = ValueCheck(capabilities)
    for name, offered in document.variables.items():
        if name in given or offered.is_required:
            lack_of_value = check.lack(given.get(name), offered, f"${name}")
            if lack_of_value is not None:
                return lack_of_value
    return None


class Adapter:
    """Fits documents to one server and remembers them."""

    def __init__(self, capabilities: Capabilities) -> None:
        self.capabilities = capabilities
        self._documents: dict[str, AdaptedDocument] = {}

    def document(self, text: str) -> AdaptedDocument:
        """Return a document as this server takes it; errors as for `adapt_document`."""
        if text not in self._documents:
            self._documents[text] = adapt_document(text, self.capabilities)
        return self._documents[text]

    def request(self, text: str, variables: Mapping[str, Any] | None = None) -> AdaptedRequest:
        """Return a document and the values of its variables as this server takes them."""
        return adapt_request(self.document(text), variables, self.capabilities)

    def prepare(self, client: StashClient, text: str, variables: Mapping[str, Any] | None = None) -> PreparedRequest:
        """Prepare a request as this server takes it.

        Raises:
            NotOfferedError: it lacks what the request is about; the message says what.
        """
        request = self.request(text, variables)
        if request.missing:
            raise NotOfferedError(request.missing)
        return client.prepare(request.text, request.variables)
