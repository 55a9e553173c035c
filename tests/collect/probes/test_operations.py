from __future__ import annotations

import json

import graphql
import pytest

from stashbench.collect.probes.operations import LIST_PAGES, bare_request, offered_pages, page_request, prepare
from stashbench.errors import NotOfferedError
from stashbench.stash.adapt import Adapter
from stashbench.stash.capabilities import parse_capabilities

RELEASES = ("v0.17.2", "v0.22.1", "v0.26.2", "v0.27.2", "v0.30.1")


@pytest.mark.parametrize("release", RELEASES)
def test_lists_and_pages_are_valid_in_every_release(client, stash_apis, release):
    api = stash_apis[release]
    schema = graphql.build_client_schema({"__schema": api}, assume_valid=True)
    offered = offered_pages(Adapter(parse_capabilities(api)))
    assert len(offered) == len(LIST_PAGES)
    is_new = release >= "v0.27"
    assert ("findMovies" in {page.query for page in offered}) is not is_new
    for page in offered:
        for prepared in (bare_request(client, page, 5), page_request(client, page, 5)):
            request = json.loads(prepared.body)
            assert graphql.validate(schema, graphql.parse(request["query"])) == []
            assert request["variables"] == {"filter": {"per_page": 5}}


def test_a_bare_list_has_the_pages_own_operation_name(client):
    for page in LIST_PAGES:
        assert bare_request(client, page, 5).name == page_request(client, page).name


def test_pages_the_server_lacks_are_left_out(stash_apis):
    api = json.loads(json.dumps(stash_apis["v0.30.1"]))
    queries = next(kind for kind in api["types"] if kind["name"] == "Query")
    queries["fields"] = [field for field in queries["fields"] if field["name"] in {"findScenes", "findTags"}]
    offered = offered_pages(Adapter(parse_capabilities(api)))
    assert [page.query for page in offered] == ["findScenes", "findTags"]


def test_what_a_server_lacks_is_not_asked(client, stash_apis):
    adapter = Adapter(parse_capabilities(stash_apis["v0.20.2"]))
    with pytest.raises(NotOfferedError, match="does not offer the argument depth"):
        prepare(client, "tags_with_depth", adapter=adapter)
    assert prepare(client, "tags", adapter=adapter).name == "FindTags"
