from __future__ import annotations

import copy
import json

import graphql
import pytest

from stashbench.errors import RequestError
from stashbench.stash.adapt import Adapter
from stashbench.stash.capabilities import parse_capabilities, read_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.configuration import read_configuration
from stashbench.stash.operations import load

RELEASES = (
    *("v0.17.2", "v0.20.2", "v0.22.1", "v0.24.3", "v0.25.1"),
    *("v0.26.2", "v0.27.2", "v0.28.1", "v0.29.3", "v0.30.1"),
)


@pytest.fixture(params=RELEASES)
def api(request, stash_apis):
    return request.param, stash_apis[request.param]


def test_ten_releases_are_here(stash_apis):
    assert tuple(stash_apis) == RELEASES


def test_what_is_offered_follows_the_release(api):
    release, schema = api
    capabilities = parse_capabilities(schema)
    assert capabilities.has_query("findScenes")
    assert capabilities.has_subscription("loggingSubscribe")
    assert capabilities.has_mutation("metadataScan")
    assert capabilities.has_query("findGroups") == (release >= "v0.27")
    assert capabilities.has_query("findFiles") == (release >= "v0.29")
    assert capabilities.has_field("JobStatus", "FAILED") == (release >= "v0.26")
    assert capabilities.has_field("Job", "error") == (release >= "v0.26")
    assert capabilities.has_argument("Query", "findScenes", "ids") == (release >= "v0.25")
    assert capabilities.has_argument("Tag", "scene_count", "depth") == (release >= "v0.22")
    assert capabilities.field("Query", "findDuplicateScenes").type == "[[Scene!]!]!"
    assert capabilities.input("FindJobInput", "id").is_required
    assert not capabilities.input("FindFilterType", "q").is_required
    assert capabilities.root_type("subscription") == "Subscription"
    assert not capabilities.has_field("NoSuchType", "id")
    assert not capabilities.has_query("noSuchQuery")
    assert capabilities.field("NoSuchType", "id") is capabilities.input("NoSuchType", "id") is None


def test_unions_stand_for_their_members(stash_apis):
    capabilities = parse_capabilities(stash_apis["v0.30.1"])
    assert capabilities.possible_types("VisualFile") == {"VideoFile", "ImageFile"}
    assert capabilities.possible_types("Scene") == {"Scene"}
    assert capabilities.possible_types("FindFilterType") == frozenset()


def test_our_question_gives_the_same_as_a_full_introspection(serve, helpers, api):
    _, schema = api
    client_schema = graphql.build_client_schema({"__schema": schema}, assume_valid=True)
    answer = graphql.graphql_sync(client_schema, load("offered_api"))
    assert answer.errors is None
    server = serve(helpers.http(body={"data": answer.data}))
    with StashClient(server.url) as client:
        asked = read_capabilities(client)
    full = parse_capabilities(schema)
    # graphql-core adds types of its own to every schema it builds.
    assert {name: kind for name, kind in asked.types.items() if name in full.types and name[0] != "_"} == {
        name: kind for name, kind in full.types.items() if name[0] != "_"
    }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda types: types[0].update(name="a b {"),
        lambda types: types[0].update(name=None),
        lambda types: types[3].pop("kind"),
        lambda types: types.append(7),
    ],
)
def test_an_odd_answer_is_one_sentence(serve, helpers, stash_apis, spoil):
    schema = copy.deepcopy(stash_apis["v0.17.2"])
    spoil(schema["types"])
    server = serve(helpers.http(body={"data": {"__schema": schema}}))
    with StashClient(server.url) as client, pytest.raises(RequestError, match="the question for what it offers"):
        read_capabilities(client)


def test_configuration_is_one_flat_dictionary(serve, helpers, stash_apis):
    answer = {"configuration": {"general": {"parallelTasks": 2}, "defaults": {"scan": None}}}
    server = serve(helpers.http(body={"data": answer}))
    with StashClient(server.url) as client:
        found = read_configuration(client, Adapter(parse_capabilities(stash_apis["v0.20.2"])))
    assert found == {"parallelTasks": 2, "defaults": {"scan": None}}
    asked = json.loads(server.requests[0].body)["query"]
    assert "blobsPath" in asked
    assert "logFileMaxSize" not in asked


def test_a_server_without_any_setting_says_so(stash_apis):
    schema = copy.deepcopy(stash_apis["v0.30.1"])
    schema["types"] = [kind for kind in schema["types"] if kind["name"] != "ConfigResult"]
    adapter = Adapter(parse_capabilities(schema))
    with StashClient("http://127.0.0.1:1") as client, pytest.raises(RequestError, match="does not offer"):
        read_configuration(client, adapter)
