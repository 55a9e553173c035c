from __future__ import annotations

import graphql
import pytest

from stashbench.errors import UsageError
from stashbench.stash import operations
from stashbench.stash.document import find_operation

SECRETS = ("apiKey", "api_key", "password", "username")


@pytest.fixture(scope="module")
def newest(stash_apis):
    return graphql.build_client_schema({"__schema": stash_apis["v0.30.1"]}, assume_valid=True)


@pytest.mark.parametrize("name", operations.names())
def test_document_is_valid_for_the_newest_release(newest, name):
    assert graphql.validate(newest, graphql.parse(operations.load(name))) == []


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
