"""One question for two releases: what is asked of either validates against its API, and both are asked the same."""

from __future__ import annotations

from types import SimpleNamespace

import graphql
import pytest

from stashbench.compare.common import common_request
from stashbench.stash import operations
from stashbench.stash.adapt import Adapter
from stashbench.stash.capabilities import parse_capabilities
from stashbench.stash.document import find_operation

PAIRS = (("v0.22.1", "v0.30.1"), ("v0.17.2", "v0.30.1"), ("v0.26.2", "v0.29.3"))
PAGES = (
    "scenes",
    "studios",
    "tags",
    "tags_with_depth",
    "performers",
    "images_with_totals",
    "scene",
    "galleries",
    "stats",
)


@pytest.fixture(scope="module")
def targets(stash_apis):
    wanted = {name for pair in PAIRS for name in pair}
    return {name: SimpleNamespace(adapter=Adapter(parse_capabilities(stash_apis[name]))) for name in wanted}


@pytest.fixture(scope="module")
def schemas(stash_apis):
    wanted = {name for pair in PAIRS for name in pair}
    return {name: graphql.build_client_schema({"__schema": stash_apis[name]}) for name in wanted}


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("page", PAGES)
def test_both_are_asked_the_same_and_understand_it(targets, schemas, pair, page):
    document = operations.load(page)
    variables = {"id": "1"} if page == "scene" else {}
    asked = [
        common_request(document, variables, targets[own], targets[other])
        for own, other in (pair, tuple(reversed(pair)))
    ]
    for name, item in zip(pair, asked, strict=True):
        if not item.missing:
            assert graphql.validate(schemas[name], graphql.parse(item.text)) == []
    if any(item.missing for item in asked):
        assert page in {"tags_with_depth", "scene"}  # essential parts are not there, or a sibling stands in for it
        return
    assert answered(asked[0].text) == answered(asked[1].text)
    assert asked[0].left_out == asked[1].left_out


def answered(text):
    """Return the names under which a document wants its answers: one release knows a thing by another name."""

    def names(selections):
        return {
            (node.alias or node.name).value: names(node.selection_set) if node.selection_set else None
            for node in selections.selections
        }

    (tree,) = graphql.parse(text).definitions
    return names(tree.selection_set)


def test_what_only_one_offers_is_asked_of_that_one_alone(targets):
    old, new = targets["v0.22.1"], targets["v0.30.1"]
    document = operations.load("groups")
    assert find_operation(document).root_field == "findGroups"
    assert common_request(document, {}, old, new).missing
    alone = common_request(document, {}, new, old)
    assert not alone.missing
    assert alone.text == document


def test_two_equal_servers_get_the_documents_as_they_are(targets):
    same = targets["v0.30.1"]
    for page in PAGES:
        document = operations.load(page)
        asked = common_request(document, {}, same, same)
        assert (asked.text, asked.left_out) == (document, ())
