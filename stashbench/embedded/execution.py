"""Runs GraphQL requests: parsed and validated documents are kept, faults strike around the execution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    parse,
    validate,
)

from stashbench.embedded.state import ServerState

_DOCUMENT_CACHE_SIZE = 1000  # as many as Stash keeps


class GraphQLRequest(msgspec.Struct):
    """What a client sends."""

    query: str = ""
    variables: dict[str, Any] | None = None
    operation_name: str | None = msgspec.field(name="operationName", default=None)


@dataclass(frozen=True)
class Prepared:
    """A document that was parsed and validated: either errors, or operations by name ("" for one without)."""

    document: DocumentNode | None
    errors: tuple[dict[str, Any], ...]
    operations: Mapping[str, OperationDefinitionNode]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """Return the operation of that name; without a name, the only one."""
        if name:
            return self.operations.get(name)
        return next(iter(self.operations.values())) if len(self.operations) == 1 else None


class Executor:
    """Executes requests on a schema over the server's state, in the thread that calls it."""

    def __init__(self, state: ServerState, schema: strawberry.Schema) -> None:
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001 - its only way to the schema it wraps
        self._state = state
        self.prepare = lru_cache(maxsize=_DOCUMENT_CACHE_SIZE)(self._prepare)

    def context(self, base_url: str) -> dict[str, Any]:
        """Return what resolvers of one request share; `base_url` is the server's address as the client knows it."""
        return {"state": self._state, "base_url": base_url}

    def answer(self, request: GraphQLRequest, base_url: str) -> tuple[bool, bytes]:
        """Execute a query or mutation; return whether resolvers were run, and the body of the answer."""
        prepared = self.prepare(request.query)
        if prepared.errors:
            return False, msgspec.json.encode({"errors": prepared.errors, "data": None})
        result = self.execute(prepared, request, base_url)
        # An error without a path arose before any resolver ran: variables or an operation name that do not fit.
        was_executed = not result.errors or any(error.path for error in result.errors)
        return was_executed, msgspec.json.encode(result_body(result))

    def execute(self, prepared: Prepared, request: GraphQLRequest, base_url: str) -> ExecutionResult:
        """Execute a query or mutation with its faults."""
        assert prepared.document is not None
        operation = prepared.operation(request.operation_name)
        if operation is not None and operation.operation is OperationType.SUBSCRIPTION:
            return ExecutionResult(None, [GraphQLError("subscriptions need a websocket")])
        faults = self._state.faults.requests
        names = _names(operation)
        faults.before(names)
        middleware = faults.middleware()
        result = execute(
            self.schema,
            prepared.document,
            context_value=self.context(base_url),
            variable_values=request.variables or {},
            operation_name=request.operation_name,
            middleware=[middleware] if middleware else None,
        )
        assert isinstance(result, ExecutionResult), "resolvers of queries and mutations are synchronous"
        faults.after(names, result.data, self._state.database)
        return result

    def _prepare(self, query: str) -> Prepared:
        """Parse and validate a document."""
        try:
            document = parse(query)
        except GraphQLError as error:
            return Prepared(None, (_formatted(error, "GRAPHQL_PARSE_FAILED"),), {})
        errors = tuple(_formatted(error, "GRAPHQL_VALIDATION_FAILED") for error in validate(self.schema, document))
        definitions = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        operations = {node.name.value if node.name else "": node for node in definitions}
        return Prepared(document, errors, operations)


def result_body(result: ExecutionResult) -> dict[str, Any]:
    """Return a result as clients get it: errors first if there are any, each with its message and path."""
    if not result.errors:
        return {"data": result.data}
    errors = [{"message": error.message, **({"path": error.path} if error.path else {})} for error in result.errors]
    return {"errors": errors, "data": result.data}


def _formatted(error: GraphQLError, code: str) -> dict[str, Any]:
    """Return an error as clients get it, with the code that tells them at which stage it arose."""
    return {**error.formatted, "extensions": {"code": code}}


def _names(operation: OperationDefinitionNode | None) -> frozenset[str]:
    """Return what an operation is called and the fields it asks for at its top."""
    if operation is None:
        return frozenset()
    fields = [node.name.value for node in operation.selection_set.selections if isinstance(node, FieldNode)]
    return frozenset([*fields, operation.name.value] if operation.name else fields)
