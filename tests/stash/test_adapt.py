from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import graphql
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from stashbench.errors import NotOfferedError, UsageError
from stashbench.stash.adapt import Adapter, adapt_document, adapt_request
from stashbench.stash.capabilities import parse_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load, names

PATH = Path(__file__).parent / "drawn_documents.py"
SPEC = importlib.util.spec_from_file_location("drawn_documents", PATH)
documents = sys.modules.setdefault("drawn_documents", importlib.util.module_from_spec(SPEC))
SPEC.loader.exec_module(documents)

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def schema_of(api):
    return graphql.build_client_schema({"__schema": api}, assume_valid=True)


def problems(schema, text):
    return graphql.validate(schema, graphql.parse(text))


@settings(SLOW, max_examples=80)
@example(
    documents.Drawn("query Drawn { f: scenes(where: null) { count } }", {}, [("Query", "fields", "scenes", "where")])
)
@given(documents.drawn())
def test_what_is_left_is_valid_and_stays_as_it_is(drawn):
    document, lesser = drawn.document, drawn.lesser
    assert problems(documents.SCHEMA, document) == []
    capabilities = parse_capabilities(lesser)
    adapted = adapt_document(document, capabilities)
    reduced = schema_of(lesser)
    if adapted.missing:
        assert problems(reduced, document)
        assert adapted.text == ""
        return
    assert problems(reduced, adapted.text) == []
    again = adapt_document(adapted.text, capabilities)
    assert (again.text, again.left_out, again.missing) == (adapted.text, (), "")
    if not problems(reduced, document):
        assert (adapted.text, adapted.left_out, adapted.lost_variables) == (document, (), {})
    else:
        assert adapted.left_out
    asked = adapt_request(adapted, drawn.values, capabilities)
    if not asked.missing:
        assert not graphql_refuses(reduced, asked)


@settings(SLOW, max_examples=40)
@given(documents.drawn())
def test_values_are_refused_when_the_server_would(drawn):
    document, values, lesser = drawn.document, drawn.values, drawn.lesser
    reduced = schema_of(lesser)
    assume(not problems(reduced, document))
    capabilities = parse_capabilities(lesser)
    asked = adapt_request(adapt_document(document, capabilities), values, capabilities)
    assert bool(asked.missing) == graphql_refuses(reduced, asked)
    if not asked.missing:
        assert asked.variables == values


def graphql_refuses(schema, asked):
    from graphql.execution.values import get_variable_values

    operation = graphql.parse(asked.text).definitions[0]
    found = get_variable_values(schema, operation.variable_definitions or (), dict(asked.variables))
    return isinstance(found, list)


@settings(SLOW, max_examples=6)
@given(st.data())
def test_our_documents_survive_any_loss(stash_apis, data):
    api = stash_apis["v0.30.1"]
    everything = documents.members(api)
    used = [member for member in everything if member[0] in {"Query", "Scene", "Tag", "FindFilterType", "Image", "Job"}]
    removed = data.draw(st.lists(st.sampled_from(used), max_size=60))
    removed += data.draw(st.lists(st.sampled_from(everything), max_size=100))
    lesser = documents.without(api, removed)
    capabilities, schema = parse_capabilities(lesser), schema_of(lesser)
    for name in names():
        adapted = adapt_document(load(name), capabilities)
        assert adapted.missing or problems(schema, adapted.text) == [], name


@pytest.fixture
def offered(stash_apis):
    cache = {}

    def of(release, *removed):
        api = documents.without(stash_apis[release], removed) if removed else stash_apis[release]
        return cache.setdefault((release, removed), parse_capabilities(api))

    return of


def test_what_is_all_there_is_untouched(offered):
    text = "# a comment\nquery A{version   {version}}"
    assert adapt_document(text, offered("v0.30.1")).text is text


def test_a_page_loses_what_its_cards_cannot_show(offered):
    adapted = adapt_document(load("scenes"), offered("v0.17.2"))
    assert adapted.left_out == ("Scene.resume_time", "Scene.play_count")
    assert "rating100: rating\n" in adapted.text
    assert set(adapted.variables) == {"filter", "scene_filter"}


def test_an_object_without_fields_goes_as_a_whole(offered):
    gone = (("Studio", "fields", "id", ""), ("Studio", "fields", "name", ""), ("Studio", "fields", "image_path", ""))
    adapted = adapt_document(load("scenes"), offered("v0.30.1", *gone))
    assert adapted.left_out == ("Studio.id", "Studio.name", "Studio.image_path")
    assert "studio" not in adapted.text


def test_a_missing_query_is_said_in_words(offered):
    adapted = adapt_document(load("groups"), offered("v0.22.1"))
    assert adapted.missing == "this server does not offer the query findGroups"
    assert (adapted.text, adapted.left_out) == ("", ("Query.findGroups",))


def test_what_a_document_is_about_cannot_be_left_out(offered):
    adapted = adapt_document(load("tags_with_depth"), offered("v0.20.2"))
    assert adapted.missing == "this server does not offer the argument depth of Tag.scene_count"
    gone = ("FindImagesResultType", "fields", "megapixels", "")
    adapted = adapt_document(load("images_with_totals"), offered("v0.30.1", gone))
    assert adapted.missing == "this server does not offer FindImagesResultType.megapixels"


def test_a_filter_is_never_dropped_with_its_value(offered):
    capabilities = offered("v0.30.1", ("Query", "fields", "findScenes", "scene_filter"))
    adapted = adapt_document(load("scenes"), capabilities)
    assert (adapted.left_out, adapted.missing) == (("Query.findScenes(scene_filter:)",), "")
    assert "$scene_filter" not in adapted.text
    page = {"filter": {"per_page": 40}}
    asked = adapt_request(adapted, page | {"scene_filter": None}, capabilities)
    assert (asked.missing, asked.variables) == ("", page)
    asked = adapt_request(adapted, page | {"scene_filter": {"organized": True}}, capabilities)
    assert asked.missing == "this server does not offer the argument scene_filter of findScenes"


@pytest.mark.parametrize(
    ("release", "criteria", "sentence"),
    [
        ("v0.30.1", {"orientation": {"value": ["PORTRAIT"]}}, ""),
        (
            "v0.22.1",
            {"orientation": {"value": ["PORTRAIT"]}},
            "this server does not offer filtering by orientation (SceneFilterType.orientation)",
        ),
        (
            "v0.22.1",
            {"AND": {"NOT": {"last_played_at": {"value": "2020", "modifier": "GREATER_THAN"}}}},
            "this server does not offer filtering by last_played_at (SceneFilterType.last_played_at)",
        ),
        (
            "v0.22.1",
            {"resolution": {"value": "NINE_K", "modifier": "EQUALS"}},
            "this server does not offer the value NINE_K of ResolutionEnum",
        ),
        ("v0.22.1", {"organized": 1}, "this server takes another kind of value for SceneFilterType.organized"),
        ("v0.22.1", {"title": "word"}, "this server takes another kind of value for SceneFilterType.title"),
        ("v0.22.1", {"title": {"value": "word"}}, "this server demands StringCriterionInput.modifier"),
        ("v0.22.1", [], "this server takes another kind of value for $scene_filter"),
    ],
)
def test_values_a_server_lacks_are_said(offered, release, criteria, sentence):
    capabilities = offered(release)
    asked = Adapter(capabilities).request(load("scene_ids"), {"filter": {"per_page": 1}, "scene_filter": criteria})
    assert asked.missing.startswith(sentence)
    assert bool(asked.missing) == bool(sentence)


def test_another_name_of_an_input_is_taken_over(stash_apis):
    import json

    text = json.dumps(stash_apis["v0.30.1"]).replace('"SceneFilterType"', '"SceneCriteria"')
    api = json.loads(text.replace('"FindScenesResultType"', '"ScenePage"'))
    capabilities = parse_capabilities(api)
    asked = Adapter(capabilities).request(load("scene_count"), {"scene_filter": {"organized": True}})
    assert (asked.missing, asked.left_out) == ("", ())
    assert "$scene_filter: SceneCriteria" in asked.text
    assert problems(schema_of(api), asked.text) == []


SMALL = """
type Query {{ {query} }}
type Scene {{ id: ID!, {scene} }}
input Filter {{ q: String, page: Int }}
"""


def small(query="scenes(filter: Filter): [Scene!]!", scene="title: String"):
    return parse_capabilities(documents.api_of(graphql.build_schema(SMALL.format(query=query, scene=scene))))


SCENES = "query S($filter: Filter) { scenes(filter: $filter) { id title } }"


@pytest.mark.parametrize(
    ("offered", "text", "missing"),
    [
        (
            small("scenes(filter: Filter, library: ID!): [Scene!]!"),
            SCENES,
            "this server demands Query.scenes(library:), which the request does not give",
        ),
        (small("scenes(filter: String): [Scene!]!"), SCENES, "this server takes another kind of value for"),
        (small("scenes(filter: [Filter!]): [Scene!]!"), SCENES, "this server takes another kind of value for"),
        (small("scenes(filter: Filter): Int"), SCENES, "this server does not offer the query scenes"),
        (small(), "query S { scenes(filter: {page: 1, size: 2}) { id } }", "this server does not offer Filter.size"),
        (small(), 'query S { scenes(filter: {page: "1"}) { id } }', "this server takes another kind of value for"),
        (
            small(),
            "query S { scenes { date } }",
            "this server does not offer anything that is asked of the query scenes",
        ),
        (small(), "mutation M { destroy(id: 1) }", "this server does not offer changes (mutations)"),
        (small(), "subscription S { log }", "this server does not offer subscriptions"),
        (small(), "query S($f: Filter = {page: true}) { scenes(filter: $f) { id } }", "this server takes another"),
    ],
)
def test_a_query_that_cannot_be_asked_our_way_is_not_offered(offered, text, missing):
    adapted = adapt_document(text, offered)
    assert adapted.missing.startswith(missing)
    assert adapted.left_out
    assert adapted.text == ""


def test_a_demand_for_a_value_is_met_by_one():
    capabilities = small("scenes(filter: Filter!): [Scene!]!")
    adapted = adapt_document(SCENES, capabilities)
    assert "($filter: Filter!)" in adapted.text
    assert adapt_request(adapted, {"filter": {"page": 2}}, capabilities).missing == ""
    assert (
        adapt_request(adapted, {}, capabilities).missing
        == "this server demands $filter, which the request does not give"
    )


def test_an_argument_deeper_down_takes_its_field_along():
    text = "query S($n: Int!) { scenes { id title(length: 3) more: title(length: $n) } }"
    adapted = adapt_document(text, small())
    assert adapted.left_out == ("Scene.title(length:)",)
    assert " ".join(adapted.text.split()) == "query S { scenes { id } }"
    nothing = adapt_document("query S { scenes { id title(length: null) } }", small())
    assert " ".join(nothing.text.split()) == "query S { scenes { id title } }"
    assert nothing.left_out == ("Scene.title(length:)",)


@pytest.mark.parametrize("text", ["", "no graphql {", "query A { a } query B { b }", "fragment F on S { id }"])
def test_what_is_no_single_document_is_said(text):
    with pytest.raises(UsageError, match="GraphQL document"):
        adapt_document(text, small())


def test_what_is_not_offered_is_not_prepared():
    adapter = Adapter(small())
    with StashClient("http://127.0.0.1:1") as client:
        assert adapter.prepare(client, SCENES, {"filter": {"q": "a"}}).name == "S"
        with pytest.raises(NotOfferedError, match=r"does not offer Filter\.size"):
            adapter.prepare(client, SCENES, {"filter": {"size": 1}})
