"""Draws GraphQL documents valid for a schema, values for their variables, and schemas that lack parts of another."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import graphql
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
)
from hypothesis import strategies as st

SDL = """
type Query {
  scenes(filter: FindFilter, where: SceneFilter, ids: [ID!]): Page!
  scene(id: ID!): Scene
  search(q: String!, kind: Kind = ALL): [Thing!]!
  node(id: ID!): Node
  version: String!
}
type Mutation { update(input: UpdateInput!): Scene, destroy(ids: [ID!]!): Boolean! }
type Subscription { jobs: Scene }
interface Node { id: ID! }
type Page { count: Int!, scenes(first: Int): [Scene!]! }
type Scene implements Node {
  id: ID!
  title(length: Int): String
  rating100: Int
  seen: Boolean
  files(kind: Kind, only: FileFilter): [File!]!
  tags(depth: Int = 0): [Tag!]!
  count(depth: Int, where: SceneFilter): Int!
  parent: Scene
}
type Tag implements Node { id: ID!, name: String!, page(filter: FindFilter): Page }
type Video { path: String!, seconds: Float }
type Image { path: String!, pixels(unit: Unit!): Int }
union Thing = Scene | Tag
union File = Video | Image
enum Kind { ALL SOME NONE }
enum Unit { ONE MEGA }
enum Modifier { EQUALS INCLUDES }
input FindFilter { q: String, page: Int = 1, sort: String, kinds: [Kind!] }
input SceneFilter { AND: SceneFilter, title: Criterion, tags: [ID!], seen: Boolean, weight: Float }
input Criterion { value: String!, modifier: Modifier! }
input FileFilter { kind: Kind!, path: Criterion }
input UpdateInput { id: ID!, title: String, tags: [ID!] }
"""
_SCALARS = {
    "Int": st.integers(-9, 9),
    "Float": st.integers(-9, 9) | st.sampled_from([0.5, 1e3]),
    "String": st.text('ab"\\ \n{}$', max_size=4),
    "ID": st.sampled_from(["1", "x"]),
    "Boolean": st.booleans(),
}
GROUPS = ("fields", "inputFields", "enumValues", "possibleTypes")


class Writer:
    """Writes one document: variables by name with their types, fragments by name, aliases that never clash."""

    def __init__(self, draw, schema):
        self.draw = draw
        self.schema = schema
        self.variables = {}
        self.values = {}
        self.fragments = {}
        self.count = 0

    def operation(self):
        kind = self.draw(st.sampled_from(["query", "query", "query", "mutation"]))
        root = self.schema.query_type if kind == "query" else self.schema.mutation_type
        body = self.selections(root, 4)
        declared = ", ".join(f"${name}: {text}" for name, text in self.variables.items())
        text = f"{kind} Drawn{f'({declared})' if declared else ''} {body}"
        return "\n".join([text, *self.fragments.values()])

    def selections(self, kind, depth):
        if isinstance(kind, GraphQLUnionType):
            return f"{{ {' '.join(self.part(member, depth) for member in self.some(kind.types))} }}"
        fields = [
            field for name, field in sorted(kind.fields.items()) if depth > 1 or not is_composite_type(named(field))
        ]
        names = {id(field): name for name, field in kind.fields.items()}
        parts = [self.field(names[id(field)], field, depth) for field in self.some(fields)]
        if is_abstract_type(kind):
            members = self.schema.get_possible_types(kind)
            parts += [self.part(member, depth) for member in self.some(members, least=0)]
        return f"{{ {' '.join(parts)} }}"

    def field(self, name, field, depth):
        self.count += 1
        alias = f"f{self.count}: "
        given = []
        for argument, definition in field.args.items():
            if is_required_argument(definition) or self.draw(st.booleans()):
                given.append(f"{argument}: {self.argument(definition)}")
        arguments = f"({', '.join(given)})" if given else ""
        kind = named(field)
        return f"{alias}{name}{arguments}{f' {self.selections(kind, depth - 1)}' if is_composite_type(kind) else ''}"

    def part(self, member, depth):
        if depth <= 1 or self.draw(st.booleans()):
            return f"... on {member.name} {self.leaves(member, depth)}"
        name = f"Part{len(self.fragments)}"
        self.fragments[name] = ""  # its place, before those inside it
        self.fragments[name] = f"fragment {name} on {member.name} {self.leaves(member, depth)}"
        return f"...{name}"

    def leaves(self, member, depth):
        return self.selections(member, max(depth - 1, 1))

    def argument(self, definition):
        if self.draw(st.booleans()):
            self.count += 1
            name = f"v{self.count}"
            kind = definition.type
            if not isinstance(kind, GraphQLNonNull) and self.draw(st.booleans()):
                kind = GraphQLNonNull(kind)
            self.variables[name] = str(kind)
            self.values[name] = self.value(kind)
            return f"${name}"
        return graphql.print_ast(graphql.ast_from_value(self.value(definition.type), definition.type))

    def value(self, kind, depth=2):
        if isinstance(kind, GraphQLNonNull):
            return self.present(kind.of_type, depth)
        return None if self.draw(st.integers(0, 4)) == 0 else self.present(kind, depth)

    def present(self, kind, depth):
        if isinstance(kind, GraphQLList):
            return [self.value(kind.of_type, depth) for _ in range(self.draw(st.integers(0, 2)))]
        if isinstance(kind, GraphQLInputObjectType):
            return {
                name: self.value(field.type, depth - 1)
                for name, field in kind.fields.items()
                if isinstance(field.type, GraphQLNonNull) or (depth and self.draw(st.booleans()))
            }
        if isinstance(kind, GraphQLEnumType):
            return self.draw(st.sampled_from(sorted(kind.values)))
        return self.draw(_SCALARS[kind.name])

    def some(self, items, least=1):
        items = list(items)
        indexes = self.draw(st.lists(st.integers(0, len(items) - 1), min_size=least, max_size=3))
        return [items[index] for index in indexes]


def named(field):
    return get_named_type(field.type)


def members(api):
    """Return everything that can be taken out of an API: (type, group, name) and (type, field, argument)."""
    found = []
    for kind in api["types"]:
        if kind["name"].startswith("__"):
            continue
        for group in GROUPS:
            for member in kind.get(group) or ():
                if group != "possibleTypes" or kind["kind"] == "UNION":
                    found.append((kind["name"], group, member["name"], ""))
                found += [(kind["name"], group, member["name"], item["name"]) for item in member.get("args") or ()]
    return found


def without(api, removed):
    """Return an API that lacks members, and whatever then has no members or no type left."""
    api = copy.deepcopy(api)
    removed = set(removed)
    for kind in api["types"]:
        _keep(kind, lambda *path: path not in removed)
    while bare := {kind["name"] for kind in api["types"] if _is_bare(kind)}:
        api["types"] = [kind for kind in api["types"] if kind["name"] not in bare]
        for kind in api["types"]:
            targets = dict(_targets(kind))
            _keep(kind, lambda *path, targets=targets: targets.get(path) not in bare)
    return _with_roots(api)


def _keep(kind, is_kept):
    """Keep what `is_kept(type, group, member, argument)` says; the argument is empty for the member itself."""
    for group in (*GROUPS, "interfaces"):
        if kind.get(group):
            kind[group] = [item for item in kind[group] if is_kept(kind["name"], group, item["name"], "")]
        for member in kind.get(group) or ():
            if member.get("args"):
                path = (kind["name"], group, member["name"])
                member["args"] = [item for item in member["args"] if is_kept(*path, item["name"])]


def _targets(kind):
    """Give the type behind each member and argument of a type."""
    for group in ("fields", "inputFields", "possibleTypes", "interfaces"):
        for member in kind.get(group) or ():
            path = (kind["name"], group, member["name"])
            yield (*path, ""), reference(member) if "type" in member else member["name"]
            for item in member.get("args") or ():
                yield (*path, item["name"]), reference(item)


def reference(member):
    kind = member["type"]
    while kind.get("ofType"):
        kind = kind["ofType"]
    return kind["name"]


def _is_bare(kind):
    groups = {"OBJECT": "fields", "INTERFACE": "fields", "INPUT_OBJECT": "inputFields", "ENUM": "enumValues"}
    group = groups.get(kind["kind"], "possibleTypes" if kind["kind"] == "UNION" else "")
    return bool(group) and not kind.get(group)


def _with_roots(api):
    names = {kind["name"] for kind in api["types"]}
    for root in ("mutationType", "subscriptionType"):
        if api.get(root) and api[root]["name"] not in names:
            api[root] = None
    return api


def api_of(schema):
    return graphql.introspection_from_schema(schema, descriptions=False)["__schema"]


@dataclass(frozen=True)
class Drawn:
    """A document, the values of its variables, and what of the small schema's API a server lacks."""

    document: str
    values: dict
    removed: list

    @property
    def lesser(self):
        return without(API, self.removed)


SCHEMA = graphql.build_schema(SDL)
API = api_of(SCHEMA)


@st.composite
def drawn(draw):
    writer = Writer(draw, SCHEMA)
    document = writer.operation()
    everything = members(API)
    indexes = draw(st.lists(st.integers(0, len(everything) - 1), max_size=8))
    return Drawn(document, writer.values, [everything[index] for index in indexes])
