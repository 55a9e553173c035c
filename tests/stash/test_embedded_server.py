"""What this package reads, read from the embedded server: the whole way, over HTTP and the websocket."""

from __future__ import annotations

import pytest

from stashbench.stash import operations
from stashbench.stash.adapt import Adapter
from stashbench.stash.capabilities import read_capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.configuration import read_configuration
from stashbench.stash.document import find_operation
from stashbench.stash.jobs import find_job, job_queue
from stashbench.stash.library_sample import LibrarySample, sample_library
from stashbench.stash.sql_trace import capture_all
from stashbench.target.server import ServerOptions, running_server

LIST = {"filter": {"per_page": 10, "sort": "id", "direction": "ASC"}}
NOT_OFFERED = {"movies", "sample_movies", "saved_filters"}
QUERIES = [name for name in operations.names() if find_operation(operations.load(name)).kind == "query"]


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    options = ServerOptions(scene_count=300, seed=7, cache_directory=tmp_path_factory.mktemp("libraries"))
    with running_server(options) as server, StashClient(server.url) as client:
        yield client


@pytest.fixture(scope="module")
def sample(client):
    return sample_library(client)


def variables_of(name, sample):
    special = {
        "scene": {"id": sample.rich_scene_id},
        "find_job": {"id": "1"},
        "duplicates": {"distance": 0},
        "scene_wall": {"q": ""},
    }
    bare = {
        "system_status",
        "version",
        "logs",
        "plugins",
        "job_queue",
        "stats",
        "configuration",
        "offered_api",
        "saved_filters",
    }
    return special.get(name, {} if name in bare else LIST)


@pytest.mark.parametrize("name", [name for name in QUERIES if name not in NOT_OFFERED])
def test_every_document_is_answered(client, sample, name):
    assert client.execute(operations.load(name), variables_of(name, sample))


def test_sample_is_complete_true_and_the_same_again(client, sample):
    assert sample_library(client) == sample
    assert [name for name in LibrarySample.__slots__ if getattr(sample, name) is None] == []

    def count(**variables):
        return client.execute(operations.load("scene_count"), variables)["findScenes"]["count"]

    assert count(filter={"q": sample.title_word}) > 0
    assert count(filter={"q": sample.missing_word}) == 0
    assert count(scene_filter={"path": {"value": sample.path_part, "modifier": "INCLUDES"}}) > 0
    between = {"value": sample.date_from, "value2": sample.date_to, "modifier": "BETWEEN"}
    dated = count(scene_filter={"date": {"value": "", "modifier": "NOT_NULL"}})
    assert 0.15 * dated < count(scene_filter={"date": between}) < 0.3 * dated
    tagged = [
        count(scene_filter={"tags": {"value": [tag], "modifier": "INCLUDES"}})
        for tag in (sample.tag_id, sample.mid_tag_id)
    ]
    assert tagged[0] > tagged[1] > 0
    deep = client.execute(
        operations.load("scene_ids"), {"filter": {"page": sample.deep_page, "per_page": 40, "sort": "date"}}
    )
    assert len(deep["findScenes"]["scenes"]) == 40


def test_an_empty_library_gives_an_empty_sample(tmp_path):
    import apsw

    from stashbench.embedded.schema import create_schema

    path = tmp_path / "empty.sqlite"
    connection = apsw.Connection(str(path))
    create_schema(connection)
    connection.close()
    with running_server(ServerOptions(database=path)) as server, StashClient(server.url) as client:
        assert sample_library(client) == LibrarySample(missing_word="qxzjvkwyqx")


def test_statements_of_pages_are_attributed(client):
    names = ("system_status", "stats", "scenes", "tags")
    requests = [client.prepare(operations.load(name), LIST if name in {"scenes", "tags"} else {}) for name in names]
    floor, stats, scenes, tags = capture_all(client, requests)
    for trace in (floor, stats, scenes, tags):
        assert trace.is_available, trace.reason
        assert trace.is_complete
        assert not trace.has_foreign_traffic, trace.reason
    assert floor.statement_count == 0
    assert 10 <= stats.statement_count <= 20
    assert scenes.statement_count > 10
    assert tags.most_repeated.count == 10


def test_settings_jobs_and_names_are_read(client):
    capabilities = read_capabilities(client)
    assert capabilities.has_query("findGroups")
    assert read_configuration(client, Adapter(capabilities))["databasePath"]
    assert job_queue(client) == ()
    assert find_job(client, "4711") is None
