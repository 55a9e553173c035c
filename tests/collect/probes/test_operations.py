from __future__ import annotations

import json
from pathlib import Path

import pytest

from stashbench.collect.probes.operations import LIST_PAGES, bare_request, offered_pages, page_request
from stashbench.stash.capabilities import Capabilities, parse_capabilities

APIS = sorted((Path(__file__).parents[2] / "data" / "stash-api").glob("*.json"))


@pytest.mark.parametrize("api", APIS, ids=lambda path: path.stem)
def test_bare_lists_are_valid_in_every_release_that_offers_them(client, api):
    from gql import Client, gql

    document = json.loads(api.read_text())
    schema = document.get("data", document)
    offered = offered_pages(parse_capabilities(schema["__schema"]))
    assert len(offered) >= 7
    checker = Client(introspection=schema)
    for page in offered:
        request = json.loads(bare_request(client, page, 5).body)
        checker.validate(gql(request["query"]))
        assert request["variables"] == {"filter": {"per_page": 5}}


def test_a_bare_list_has_the_pages_own_operation_name(client):
    for page in LIST_PAGES:
        assert bare_request(client, page, 5).name == page_request(client, page).name


def test_pages_the_server_lacks_are_left_out():
    few = Capabilities({"Query": frozenset({"findScenes", "findTags"})})
    assert [page.query for page in offered_pages(few)] == ["findScenes", "findTags"]
