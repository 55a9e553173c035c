"""Fields of object types, made from relations, counts and paths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry

from stashbench.embedded.graphql.rows import Relation, Request, Row
from stashbench.embedded.sql import counts, lookups
from stashbench.embedded.sql.scope import Fetch
from stashbench.embedded.sql.select import Statement

DepthCount = Callable[[int, int | None, Fetch], Statement]


def query(name: str, graphql_type: Any, *, deprecated: str = "") -> Callable[[Callable[..., Any]], Any]:
    """A query whose resolver returns rows for a type of the API."""
    field: Callable[[Callable[..., Any]], Any] = strawberry.field(
        name=name, graphql_type=graphql_type, deprecation_reason=deprecated or None
    )
    return field


def relation(graphql_type: Any, load: Relation, *, default: Callable[[], Any] = list, deprecated: str = "") -> Any:
    """A field that is loaded for all siblings at once; rows without an entry get `default`."""

    def resolve(row: strawberry.Parent[Row]) -> Any:
        found = row.siblings.related(load, row)
        return default() if found is None else found

    return strawberry.field(resolver=resolve, graphql_type=graphql_type, deprecation_reason=deprecated or None)


def optional(graphql_type: Any, load: Relation, *, deprecated: str = "") -> Any:
    """A field like `relation` that is null for rows without an entry."""
    return relation(graphql_type, load, default=lambda: None, deprecated=deprecated)


def count(statement: Callable[[int], Statement], *, deprecated: str = "") -> Any:
    """A number that costs each row a statement of its own."""

    def resolve(row: strawberry.Parent[Row]) -> int:
        number: int = row.siblings.request.first_value(statement(row.id))
        return number

    return strawberry.field(resolver=resolve, deprecation_reason=deprecated or None)


def depth_count(statement: DepthCount, *, deprecated: str = "") -> Any:
    """A number over a subtree; a depth other than 0 costs each row two statements."""

    def resolve(row: strawberry.Parent[Row], depth: int | None = strawberry.UNSET) -> int:
        request = row.siblings.request
        number: int = request.first_value(statement(row.id, depth or None, request.fetch))
        return number

    return strawberry.field(resolver=resolve, deprecation_reason=deprecated or None)


def computed(graphql_type: Any, value: Callable[[Row], Any], *, deprecated: str = "") -> Any:
    """A field made from the row itself."""

    def resolve(row: strawberry.Parent[Row]) -> Any:
        return value(row)

    return strawberry.field(resolver=resolve, graphql_type=graphql_type, deprecation_reason=deprecated or None)


def first_of(load: Relation) -> Callable[[Row], Any]:
    """The first entry of a relation, or None: single fields that have become lists."""

    def value(row: Row) -> Any:
        return next(iter(row.siblings.related(load, row, ())), None)

    return value


def o_counter(kind: str) -> Any:
    """The O count over scenes and images of a performer, studio or group (`kind`): a statement for each of the two."""

    def value(row: Row) -> int:
        request = row.siblings.request
        return sum(request.first_value(statement) for statement in counts.o_counts(kind, row.id))

    return computed(int | None, value)


def image_path(route: str, table: str, column: str) -> Any:
    """Address of an object's image; a statement per row finds out whether it has one or gets the default."""

    def resolve(row: strawberry.Parent[Row]) -> str | None:
        request = row.siblings.request
        has_image = request.first_value(lookups.has_image(table, column, row.id))
        return address(row, f"{route}/{row.id}/image") + ("" if has_image else "&default=true")

    return strawberry.field(resolver=resolve)


def address(row: Row, path: str, *, is_versioned: bool = True) -> str:
    """Absolute address of a path on this server; versioned ones change when the object does."""
    version = f"?t={seconds_of(row.updated_at)}" if is_versioned else ""
    return f"{base_url(row.siblings.request)}/{path}{version}"


def base_url(request: Request) -> str:
    """Where clients reach the server, without a slash at the end."""
    return request.base_url


def seconds_of(text: str) -> int:
    """Seconds since 1970 of a timestamp of the database."""
    return int(datetime.fromisoformat(text).timestamp())
