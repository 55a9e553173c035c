"""The whole client side against servers of ten releases, and against a newer one that has moved on."""

from __future__ import annotations

import copy
import importlib.util
import json
import sys
from pathlib import Path

import graphql
import pytest

from stashbench.collect.probes.jobs import ended_jobs
from stashbench.collect.probes.operations import bare_request, offered_pages, page_request
from stashbench.errors import NotStashError
from stashbench.stash import operations
from stashbench.stash.adapt import Adapter
from stashbench.stash.capabilities import read_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.configuration import read_configuration
from stashbench.stash.document import find_operation
from stashbench.stash.jobs import find_job, job_queue
from stashbench.stash.library_sample import LibrarySample, sample_library
from stashbench.stash.probe import probe
from stashbench.stash.sql_trace import MARK


def beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    module = sys.modules.setdefault(name, importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


make_answer = beside("api_server").make_answer
without = beside("drawn_documents").without
RELEASES = (
    *("v0.17.2", "v0.20.2", "v0.22.1", "v0.24.3", "v0.25.1"),
    *("v0.26.2", "v0.27.2", "v0.28.1", "v0.29.3", "v0.30.1"),
)
GONE = ("findMovies", "findMovie", "allScenes", "allImages", "allMovies", "allTags", "sceneWall", "plugins")
RENAMED = {
    "SceneFilterType": "SceneCriteria",
    "FindScenesResultType": "ScenePage",
    "StatsResultType": "Statistics",
    "Query": "RootQuery",
    "CriterionModifier": "Comparison",
    "FindFilterType": "PageOptions",
    "Job": "Task",
}


def text_reference(name):
    return {"kind": "SCALAR", "name": name, "ofType": None}


def newer(api):
    """Return an API some releases on: deprecated things gone, others new, types under other names."""
    gone = [("Query", "fields", name, "") for name in GONE]
    gone += [("Scene", "fields", "o_counter", ""), ("SystemStatus", "fields", "configPath", "")]
    gone += [("StatsResultType", "fields", "movie_count", ""), ("SceneFilterType", "inputFields", "organized", "")]
    api = without(api, gone)
    for kind in api["types"]:
        if kind["kind"] == "OBJECT":
            kind["fields"].append({"name": "hitherto_unknown", "args": [], "type": text_reference("String")})
        if kind["kind"] == "INPUT_OBJECT":
            kind["inputFields"].append({"name": "novel", "type": text_reference("Int"), "defaultValue": None})
        if kind["kind"] == "ENUM":
            kind["enumValues"].append({"name": "NEVER_SEEN", "isDeprecated": False, "deprecationReason": None})
    text = json.dumps(api)
    for name, other in RENAMED.items():
        text = text.replace(f'"name": "{name}"', f'"name": "{other}"')
    return json.loads(text)


@pytest.fixture(params=[*RELEASES, "newer"])
def server(request, serve, helpers, stash_apis):
    is_newer = request.param == "newer"
    api = newer(stash_apis["v0.30.1"]) if is_newer else stash_apis[request.param]
    server = serve(make_answer(api, helpers.http))
    server.release = "v1.0" if is_newer else request.param
    return server


def test_all_of_the_client_side_works(server):
    facts = probe(server.url)
    assert (facts.version, facts.status, facts.schema_version) == ("v0.99.0", "OK", 48)
    if server.release == "v1.0":
        assert facts.library.scene_count is None
        assert facts.library_reason
    else:
        assert (facts.library.scene_count, facts.library.group_count) == (120, 1 if server.release >= "v0.27" else 7)
    with StashClient(server.url) as client:
        adapter = Adapter(read_capabilities(client))
        sample = sample_library(client, adapter)
        assert [name for name in LibrarySample.__slots__ if getattr(sample, name) is None] == []
        settings = read_configuration(client, adapter)
        assert settings["logLevel"] == "Info"
        assert ("ffmpegPath" in settings) == (server.release >= "v0.26")
        queued = job_queue(client, adapter.capabilities)
        assert [job.progress for job in queued] == [0.5, 0.5]
        assert (queued[0].error is not None) == (server.release >= "v0.26")
        assert find_job(client, "1", adapter.capabilities).id == "1"
        assert ended_jobs(client, adapter.capabilities).ended_count >= 0
        assert client.execute(MARK, {"q": "word"})["findTags"]["count"] == 200
        pages = offered_pages(adapter)
        assert len(pages) == 8
        for page in pages:
            client.run(bare_request(client, page, 5))
            client.run(page_request(client, page, 5))
    refused = [request for request in server.requests if request.body and b"hitherto" in request.body]
    assert refused == []


def variables_of(text):
    """Give every variable that must have a value one."""
    known = {"id": "1", "distance": 0}
    (definition,) = (d for d in graphql.parse(text).definitions if isinstance(d, graphql.OperationDefinitionNode))
    names = [node.variable.name.value for node in definition.variable_definitions or ()]
    return {name: known[name] for name in names if name in known}


def test_every_document_is_answered_or_not_offered(server):
    missing = {}
    with StashClient(server.url) as client:
        adapter = Adapter(read_capabilities(client))
        for name in operations.names():
            text = operations.load(name)
            is_query = find_operation(text).kind == "query"
            request = adapter.request(text, variables_of(text)) if is_query else adapter.document(text)
            if request.missing:
                missing[name] = request.missing
            elif is_query:
                assert client.execute(request.text, request.variables)
    expected = {"groups", "sample_groups"} if server.release < "v0.27" else set()
    if server.release < "v0.22":
        expected |= {"tags_with_depth", "optimise_database"}
    if server.release < "v0.24":
        expected |= {"saved_filters"}
    if server.release == "v1.0":
        expected |= {"movies", "sample_movies", "scene_wall", "plugins"}
    assert set(missing) == expected
    assert all(sentence.startswith("this server does not offer ") for sentence in missing.values())


def test_a_filter_that_is_gone_is_told(serve, helpers, stash_apis):
    server = serve(make_answer(newer(stash_apis["v0.30.1"]), helpers.http))
    with StashClient(server.url) as client:
        adapter = Adapter(read_capabilities(client))
        scenes = operations.load("scenes")
        fine = adapter.request(
            scenes, {"filter": {"sort": "date"}, "scene_filter": {"title": {"value": "a", "modifier": "EQUALS"}}}
        )
        assert (fine.missing, fine.left_out) == ("", ("Scene.o_counter",))
        assert "$scene_filter: SceneCriteria" in fine.text
        assert len(client.execute(fine.text, fine.variables)["findScenes"]["scenes"]) == 2
        gone = adapter.request(scenes, {"scene_filter": {"organized": True}})
    assert gone.missing == "this server does not offer SceneCriteria.organized"


def test_another_graphql_server_is_not_taken_for_stash(serve, helpers, stash_apis):
    api = without(stash_apis["v0.30.1"], [("Query", "fields", "systemStatus", "")])
    server = serve(make_answer(api, helpers.http))
    with pytest.raises(NotStashError, match=r"does not offer Query\.systemStatus"):
        probe(server.url)


def test_a_server_without_sizes_is_audited_all_the_same(serve, helpers, stash_apis):
    api = copy.deepcopy(stash_apis["v0.30.1"])
    api["types"] = json.loads(json.dumps(api["types"]).replace('"StatsResultType"', '"Numbers"'))
    facts = probe(serve(make_answer(api, helpers.http)).url)
    assert facts.library.scene_count is None
    assert facts.library_reason == "this server does not tell the size of its library"
