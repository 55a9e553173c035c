"""Tags are made and removed as in Stash: with aliases and parents, never twice by one name, never under a marker."""

from __future__ import annotations

import pytest

from stashbench.errors import RequestError
from stashbench.stash.client import StashClient

CREATE = "mutation($input: TagCreateInput!) { tagCreate(input: $input) { id name aliases parents { id } favorite } }"
DESTROY = "mutation($input: TagDestroyInput!) { tagDestroy(input: $input) }"
MARKED = "{ findSceneMarkers(filter: {per_page: 1}) { scene_markers { primary_tag { id } } } }"


@pytest.fixture
def client(embedded_server):
    with StashClient(embedded_server(scene_count=100).url) as client:
        yield client


def test_tags_come_and_go(client):
    first = client.execute(CREATE, {"input": {"name": "One tag", "aliases": ["First"], "favorite": True}})["tagCreate"]
    assert (first["name"], first["aliases"], first["favorite"]) == ("One tag", ["First"], True)
    second = client.execute(CREATE, {"input": {"name": "Below", "parent_ids": [first["id"]]}})["tagCreate"]
    assert second["parents"] == [{"id": first["id"]}]
    for name in ("one TAG", "first"):
        with pytest.raises(RequestError, match="already exists"):
            client.execute(CREATE, {"input": {"name": name}})
    for tag in (first, second):
        assert client.execute(DESTROY, {"input": {"id": tag["id"]}})["tagDestroy"] is True
        with pytest.raises(RequestError, match="not found"):
            client.execute(DESTROY, {"input": {"id": tag["id"]}})
    assert client.execute(CREATE, {"input": {"name": "First"}})["tagCreate"]["aliases"] == []


def test_the_primary_tag_of_a_marker_stays(client):
    tag = client.execute(MARKED)["findSceneMarkers"]["scene_markers"][0]["primary_tag"]["id"]
    with pytest.raises(RequestError, match="primary tag"):
        client.execute(DESTROY, {"input": {"id": tag}})
