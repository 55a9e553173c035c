from __future__ import annotations

import json

import pytest

from stashbench.errors import RequestError
from stashbench.stash.client import StashClient

KEY = "planted.key"


def test_prepared_request_holds_what_is_sent(serve, helpers):
    server = serve(helpers.http(body={"data": {"findScenes": {"count": 1}}}))
    with StashClient(server.url, KEY) as client:
        prepared = client.prepare("query Count($q: String) { findScenes(filter: {q: $q}) { count } }", {"q": "a"})
        assert (prepared.name, prepared.root_field, prepared.kind) == ("Count", "findScenes", "query")
        body = client.send(prepared)
        assert client.check(prepared, client.last_status, body) == {"findScenes": {"count": 1}}
    assert json.loads(server.requests[0].body) == {
        "query": "query Count($q: String) { findScenes(filter: {q: $q}) { count } }",
        "variables": {"q": "a"},
        "operationName": "Count",
    }


def test_equal_requests_have_equal_hashes_and_others_do_not():
    client = StashClient("http://localhost")
    first = client.prepare("{version{version}}", {"a": 1})
    assert first.definition_hash == client.prepare("{version{version}}", {"a": 1}).definition_hash
    assert first.definition_hash != client.prepare("{version{version}}", {"a": 2}).definition_hash
    assert "version" in first.name


def test_errors_of_a_resolver_name_request_place_and_number(serve, helpers):
    errors = [{"message": "invalid\nsort: x", "path": ["findScenes", 0]}, {"message": "two"}]
    server = serve(helpers.http(body={"data": {"findScenes": None}, "errors": errors}))
    with StashClient(server.url) as client:
        with pytest.raises(RequestError) as caught:
            client.execute("query Broken { findScenes { count } }")
        words = str(caught.value)
    assert words == "The request Broken failed: invalid sort: x (at findScenes.0) (and 1 more errors)"


def test_an_answer_without_data_is_an_error(serve, helpers):
    with (
        StashClient(serve(helpers.http(body={"data": None})).url) as client,
        pytest.raises(RequestError, match="without data"),
    ):
        client.execute("{version{version}}")


def test_a_clone_has_a_connection_of_its_own(serve, helpers):
    server = serve(helpers.http(body={"data": {}}))
    with StashClient(server.url, KEY, 5) as client, client.clone() as other:
        client.execute("{a}")
        other.execute("{a}")
        assert other.connection.timeout_seconds == 5
    assert server.connection_count == 2
    assert [request.headers["ApiKey"] for request in server.requests] == [KEY, KEY]


@pytest.mark.parametrize("document", ["", "fragment F on Scene { id }", "# query X {a}", '"{"'])
def test_a_document_without_operation_is_refused(document):
    with pytest.raises(RequestError, match="no operation"):
        StashClient("http://localhost").prepare(document)


@pytest.mark.parametrize(
    ("document", "name", "root"),
    [
        ("{ a: findScenes { count } }", "", "findScenes"),
        ('fragment F on S { id } query Q($a: I = {b: 1}) @d(x: "}") { # {\n findTags { ...F } }', "Q", "findTags"),
        ("query A { a } mutation B { b }", "A", "a"),
        ('"""doc {""" query D { d }', "D", "d"),
    ],
)
def test_documents_are_read_far_enough(document, name, root):
    prepared = StashClient("http://localhost").prepare(document)
    assert (prepared.operation_name, prepared.root_field) == (name, root)


def test_one_of_several_operations_is_chosen_by_name():
    prepared = StashClient("http://localhost").prepare("query A { a } mutation B { b }", operation_name="B")
    assert (prepared.kind, prepared.root_field) == ("mutation", "b")
