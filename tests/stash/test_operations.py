from __future__ import annotations

import json
from pathlib import Path

import graphql
import pytest

from stashbench.errors import UsageError
from stashbench.stash import operations
from stashbench.stash.document import find_operation

APIS = sorted((Path(__file__).parents[1] / "data" / "stash-api").glob("v*.json"))
SECRETS = ("apiKey", "api_key", "password", "username")


def build(path):
    document = json.loads(path.read_text())
    return graphql.build_client_schema(document.get("data", document), assume_valid=True)


@pytest.fixture(scope="module")
def schemas():
    return {path.stem: build(path) for path in APIS}


def is_valid(schema, name):
    return not graphql.validate(schema, graphql.parse(operations.load(name)), max_errors=1)


@pytest.mark.parametrize("name", operations.names())
def test_document_is_valid_for_the_newest_release(schemas, name):
    problems = graphql.validate(schemas["v0.30.1"], graphql.parse(operations.load(name)))
    assert problems == []


def test_ten_releases_are_here(schemas):
    assert len(schemas) == 10


def test_table_of_documents_and_releases(schemas, capsys):
    table = {name: [is_valid(schema, name) for schema in schemas.values()] for name in operations.names()}
    with capsys.disabled():
        print("\n" + " " * 20, *(release.removeprefix("v") for release in schemas))
        for name, cells in table.items():
            print(f"{name:20}", *(f"{'yes' if cell else '-':>6}" for cell in cells))
    old = [name for name, cells in table.items() if not all(cells[list(schemas).index("v0.22.1") :])]
    # Groups came with v0.27; everything else is common ground from v0.22 on.
    assert old == ["groups", "sample_groups"]


@pytest.mark.parametrize("name", operations.names())
def test_document_asks_for_no_secret(name):
    words = operations.load(name).replace("{", " ").split()
    assert not set(words) & set(SECRETS)


@pytest.mark.parametrize("name", operations.names())
def test_light_reader_agrees_with_the_real_parser(name):
    document = operations.load(name)
    definition = graphql.parse(document).definitions[0]
    operation = find_operation(document)
    assert operation.name == definition.name.value
    assert operation.kind == definition.operation.value
    assert operation.root_field == definition.selection_set.selections[0].name.value


def test_unknown_document_names_those_there_are():
    with pytest.raises(UsageError, match="scenes_with_totals"):
        operations.load("no_such_thing")
    with pytest.raises(UsageError):
        operations.load("../client")
