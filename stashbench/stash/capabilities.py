"""What a server offers, asked of the server itself: a version says little about a fork."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stashbench.stash.client import StashClient
from stashbench.stash.reading import reading

# Names only: a tenth of the answer that a full introspection gives.
NAMES = """
query OfferedNames {
  __schema {
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types {
      name
      fields(includeDeprecated: true) { name }
      inputFields { name }
      enumValues(includeDeprecated: true) { name }
    }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The names a server knows: fields of types and inputs, values of enumerations, by type."""

    members: Mapping[str, frozenset[str]]
    query_type: str = "Query"
    mutation_type: str = "Mutation"
    subscription_type: str = "Subscription"

    def has_query(self, name: str) -> bool:
        """Say whether there is a query of that name, such as `findGroups`."""
        return self.has_field(self.query_type, name)

    def has_mutation(self, name: str) -> bool:
        """Say whether there is a mutation of that name."""
        return self.has_field(self.mutation_type, name)

    def has_subscription(self, name: str) -> bool:
        """Say whether there is a subscription of that name."""
        return self.has_field(self.subscription_type, name)

    def has_type(self, name: str) -> bool:
        """Say whether there is a type of that name."""
        return name in self.members

    def has_field(self, type_name: str, field: str) -> bool:
        """Say whether a type has a field, an input has a field, or an enumeration has a value."""
        return field in self.members.get(type_name, frozenset())


def read_capabilities(client: StashClient) -> Capabilities:
    """Ask a server for the names it knows, in one light request.

    Raises:
        RequestError: the server declines, or answers in a form of its own.
    """
    answer = client.execute(NAMES)
    with reading(client.url, "the question for what it offers"):
        return parse_capabilities(answer["__schema"])


def parse_capabilities(schema: Mapping[str, Any]) -> Capabilities:
    """Read the `__schema` part of an introspection answer, light or full."""
    members = {
        kind["name"]: frozenset(
            _name(member)
            for group in ("fields", "inputFields", "enumValues")
            for member in kind.get(group) or ()  # null where a type has no such group
        )
        for kind in schema["types"]
    }
    roots = {
        f"{root}_type": schema[f"{root}Type"]["name"]
        for root in ("query", "mutation", "subscription")
        if schema.get(f"{root}Type")
    }
    return Capabilities(members, **roots)


def _name(member: Mapping[str, Any]) -> str:
    name = member["name"]
    if not isinstance(name, str):
        raise TypeError(name)
    return name
