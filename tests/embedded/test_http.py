from __future__ import annotations

import json

import pytest

JSON = {"Content-Type": "application/json"}


def test_a_query_is_answered_and_never_stored(server):
    status, headers, body = server.request("POST", "/graphql", b'{"query": "{version{version}}"}', JSON)
    assert status == 200
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"
    assert json.loads(body)["data"]["version"]["version"]


def test_variables_and_operation_names_are_used(server):
    document = "query A($n: Int){findScenes(filter:{per_page:$n}){scenes{id}}} query B{systemStatus{status}}"
    body = json.dumps({"query": document, "variables": {"n": 3}, "operationName": "A"}).encode()
    _, _, answer = server.request("POST", "/graphql", body, JSON)
    assert len(json.loads(answer)["data"]["findScenes"]["scenes"]) == 3


def test_get_answers_too(server):
    status, _, body = server.request(
        "GET", "/graphql?query=query(%24i:ID!)%7BfindScene(id:%24i)%7Bid%7D%7D&variables=%7B%22i%22:%221%22%7D"
    )
    assert (status, json.loads(body)) == (200, {"data": {"findScene": {"id": "1"}}})


@pytest.mark.parametrize(
    ("query", "variables", "said"),
    [
        ("{systemStatus{nonsense}}", None, "Cannot query field"),
        ("{systemStatus{", None, "Syntax Error"),
        ("query($i: ID!){findScene(id: $i){id}}", {}, "$i"),
        ("query A{version{version}} query B{version{version}}", None, "operation"),
    ],
)
def test_what_cannot_be_executed_is_unprocessable(server, query, variables, said):
    status, answer = server.post(query, variables)
    assert status == 422
    assert answer["data"] is None
    assert said in answer["errors"][0]["message"]


def test_an_error_in_a_resolver_is_an_answer(server):
    status, answer = server.post('mutation{sceneUpdate(input:{id:"99999", title:"x"}){id}}')
    assert status == 200
    assert answer["data"] == {"sceneUpdate": None}
    assert answer["errors"][0]["path"] == ["sceneUpdate"]


def test_what_is_no_json_is_a_bad_request(server):
    status, _, body = server.request("POST", "/graphql", b"{broken", JSON)
    assert status == 400
    assert "could not be decoded" in json.loads(body)["errors"][0]["message"]


def test_what_is_no_graphql_request(server):
    assert server.request("OPTIONS", "/graphql")[1]["Allow"] == "OPTIONS, GET, POST"
    for method, body in (("DELETE", None), ("POST", b'{"query": "{version{version}}"}')):  # the latter without a type
        status, _, answer = server.request(method, "/graphql", body)
        assert (status, json.loads(answer)["errors"]) == (400, [{"message": "transport not supported"}])


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        (None, 422, "application/json"),
        ("application/json", 422, "application/json"),
        ("application/json;q=0.9, */*", 422, "application/json"),
        ("*/*", 400, "application/graphql-response+json"),
        ("application/graphql-response+json, application/json", 400, "application/graphql-response+json"),
        ("text/html", 400, "application/graphql-response+json"),
    ],
)
def test_how_an_answer_is_written_decides_on_the_status_of_what_cannot_be_executed(server, accept, status, kind):
    headers = {**JSON, **({"Accept": accept} if accept else {})}
    answered = server.request("POST", "/graphql", b'{"query": "{nonsense}"}', headers)
    assert (answered[0], answered[1]["Content-Type"]) == (status, kind)
    answered = server.request("POST", "/graphql", b'{"query": "{version{version}}"}', headers)
    assert (answered[0], answered[1]["Content-Type"]) == (200, kind)


def test_heartbeat(server):
    status, headers, body = server.request("GET", "/healthz")
    assert (status, headers.get_content_type(), body) == (200, "text/plain", b".")


def test_cover_images_come_from_the_blobs_and_can_be_cached(server):
    scenes = server.data("{findScenes(filter:{per_page:-1}){scenes{id paths{screenshot}}}}")["findScenes"]["scenes"]
    assert scenes[0]["paths"]["screenshot"].startswith(server.url)
    answers = [server.request("GET", f"/scene/{scene['id']}/screenshot") for scene in scenes[:40]]
    assert {status for status, _, _ in answers} <= {200, 404}
    _, headers, body = next(answer for answer in answers if answer[0] == 200)
    assert headers["Content-Type"].startswith("image/")
    assert body
    position = next(index for index, answer in enumerate(answers) if answer[0] == 200)
    path = f"/scene/{scenes[position]['id']}/screenshot"
    assert server.request("GET", path, headers={"If-None-Match": headers["ETag"]})[::2] == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["/scene/99999/screenshot", "/performer/99999/image", "/group/0/frontimage", "/image/99999/thumbnail", "/nothing"],
)
def test_images_that_are_not_there(server, path):
    assert server.request("GET", path)[0] == 404


def test_thumbnails(server):
    status, headers, body = server.request("GET", "/image/1/thumbnail")
    assert (status, headers["Content-Type"]) == (200, "image/png")
    assert body.startswith(b"\x89PNG")


def test_scene_update_changes_what_is_given_and_nothing_else(server):
    fields = "{id title details rating100 organized code urls date tags{id} performers{id} studio{id} updated_at}"
    before = server.data(f"{{findScene(id:5){fields}}}")["findScene"]
    change = {
        "id": "5",
        "title": "New",
        "rating100": None,
        "organized": True,
        "tag_ids": ["3", "1", "3"],
        "urls": ["a", "b"],
    }
    document = f"mutation($i:SceneUpdateInput!){{sceneUpdate(input:$i){fields}}}"
    after = server.data(document, {"i": change})["sceneUpdate"]
    assert after == server.data(f"{{findScene(id:5){fields}}}")["findScene"]
    assert (after["title"], after["rating100"], after["organized"], after["urls"]) == ("New", None, True, ["a", "b"])
    assert {tag["id"] for tag in after["tags"]} == {"1", "3"}
    assert after["updated_at"] > before["updated_at"]
    kept = ("details", "code", "date", "performers", "studio")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_a_link_to_what_is_not_there_changes_nothing(server):
    _, answer = server.post('mutation{sceneUpdate(input:{id:"6", title:"lost", tag_ids:["99999"]}){id}}')
    assert "FOREIGN KEY" in answer["errors"][0]["message"]
    assert server.data("{findScene(id:6){title}}")["findScene"]["title"] != "lost"
