from __future__ import annotations

from pathlib import Path

import pytest
from graphql import introspection_from_schema, parse, validate

from stashbench.embedded.graphql import build_schema

OPERATIONS = Path(__file__).parents[3] / "stashbench" / "stash" / "operations"
NOT_IN_THE_SLICE = {"movies", "sample_movies", "saved_filters"}


def text_of(reference) -> str:
    if reference["kind"] == "NON_NULL":
        return f"{text_of(reference['ofType'])}!"
    if reference["kind"] == "LIST":
        return f"[{text_of(reference['ofType'])}]"
    return reference["name"]


def by_name(items):
    return {item["name"]: item for item in items or ()}


@pytest.fixture(scope="module")
def recorded(stash_apis):
    return by_name(stash_apis["v0.30.1"]["types"])


@pytest.fixture(scope="module")
def schema():
    return build_schema()._schema


@pytest.fixture(scope="module")
def offered(schema):
    types = by_name(introspection_from_schema(schema)["__schema"]["types"])
    return {name: item for name, item in types.items() if not name.startswith("__")}


def test_every_type_exists_with_the_same_kind(offered, recorded):
    assert {name: item["kind"] for name, item in offered.items()} == {
        name: recorded.get(name, {}).get("kind") for name in offered
    }


def test_every_field_and_argument_has_the_same_type(offered, recorded):
    wrong = []
    for name, item in offered.items():
        known = by_name(recorded[name].get("fields"))
        for field_name, field in by_name(item.get("fields")).items():
            if field_name not in known or text_of(field["type"]) != text_of(known[field_name]["type"]):
                wrong.append((name, field_name))
                continue
            known_arguments = by_name(known[field_name]["args"])
            wrong += [
                (name, field_name, argument)
                for argument, item_argument in by_name(field["args"]).items()
                if argument not in known_arguments
                or text_of(item_argument["type"]) != text_of(known_arguments[argument]["type"])
            ]
            wrong += [
                (name, field_name, argument)
                for argument, item_argument in known_arguments.items()
                if item_argument["type"]["kind"] == "NON_NULL" and argument not in by_name(field["args"])
            ]
    assert wrong == []


def test_every_input_field_has_the_same_type(offered, recorded):
    wrong = []
    for name, item in offered.items():
        known = by_name(recorded[name].get("inputFields"))
        wrong += [
            (name, field_name)
            for field_name, field in by_name(item.get("inputFields")).items()
            if field_name not in known or text_of(field["type"]) != text_of(known[field_name]["type"])
        ]
        wrong += [
            (name, field_name)
            for field_name, field in known.items()
            if field["type"]["kind"] == "NON_NULL" and field_name not in by_name(item.get("inputFields"))
        ]
    assert wrong == []


def test_enums_have_the_same_values_and_types_the_same_interfaces(offered, recorded):
    for name, item in offered.items():
        if item["kind"] == "ENUM":
            assert set(by_name(item["enumValues"])) == set(by_name(recorded[name]["enumValues"])), name
        if item["kind"] in {"UNION", "INTERFACE"}:
            assert set(by_name(item["possibleTypes"])) == set(by_name(recorded[name]["possibleTypes"])), name


def test_secrets_of_the_configuration_are_not_offered(offered):
    names = set(by_name(offered["ConfigGeneralResult"]["fields"]))
    assert names.isdisjoint({"apiKey", "username", "password", "stashBoxes"})


@pytest.mark.parametrize("path", sorted(OPERATIONS.glob("*.graphql")), ids=lambda path: path.stem)
def test_documents_of_the_suites_fit(schema, path):
    if path.stem in NOT_IN_THE_SLICE:
        assert validate(schema, parse(path.read_text())) != []
    else:
        assert validate(schema, parse(path.read_text())) == []
