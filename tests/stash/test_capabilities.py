from __future__ import annotations

import json
from pathlib import Path

import graphql
import pytest

from stashbench.stash.capabilities import NAMES, parse_capabilities, read_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.configuration import configuration_document, read_configuration

APIS = sorted((Path(__file__).parents[1] / "data" / "stash-api").glob("v*.json"))
SECRETS = ("apiKey", "api_key", "password", "username")


@pytest.fixture(scope="module", params=[path.stem for path in APIS])
def api(request):
    path = next(path for path in APIS if path.stem == request.param)
    return request.param, json.loads(path.read_text())["data"]["__schema"]


def version_of(name):
    return tuple(int(part) for part in name.removeprefix("v").split("."))


def test_names_follow_the_release(api):
    name, schema = api
    capabilities = parse_capabilities(schema)
    assert capabilities.has_query("findScenes")
    assert capabilities.has_subscription("loggingSubscribe")
    assert capabilities.has_mutation("metadataScan")
    assert capabilities.has_query("findGroups") == (version_of(name) >= (0, 27))
    assert capabilities.has_field("JobStatus", "FAILED") == (version_of(name) >= (0, 26))
    assert capabilities.has_type("Group") == (version_of(name) >= (0, 27))
    assert not capabilities.has_field("NoSuchType", "id")
    assert not capabilities.has_query("noSuchQuery")


def test_configuration_is_asked_for_as_far_as_it_is_known(api):
    name, schema = api
    client_schema = graphql.build_client_schema({"__schema": schema}, assume_valid=True)
    document = configuration_document(parse_capabilities(schema))
    assert graphql.validate(client_schema, graphql.parse(document)) == []
    assert not set(document.replace("{", " ").split()) & set(SECRETS)
    assert ("logFileMaxSize" in document) == (version_of(name) >= (0, 30))


def test_the_light_question_gives_the_same_names_as_the_full_one(serve, helpers, api):
    _, schema = api
    client_schema = graphql.build_client_schema({"__schema": schema}, assume_valid=True)
    answer = graphql.graphql_sync(client_schema, NAMES)
    assert answer.errors is None
    server = serve(helpers.http(body={"data": answer.data}))
    with StashClient(server.url) as client:
        light = read_capabilities(client)
    full = parse_capabilities(schema)
    for kind, members in full.members.items():
        assert members - light.members[kind] == set(), kind
    assert len(answer.data["__schema"]["types"]) >= len(full.members)


def test_configuration_is_one_flat_dictionary(serve, helpers):
    schema = json.loads(APIS[-1].read_text())["data"]["__schema"]
    answer = {"configuration": {"general": {"parallelTasks": 2}, "defaults": {"scan": None}}}
    server = serve(helpers.http(body={"data": answer}))
    with StashClient(server.url) as client:
        found = read_configuration(client, parse_capabilities(schema))
    assert found == {"parallelTasks": 2, "defaults": {"scan": None}}
