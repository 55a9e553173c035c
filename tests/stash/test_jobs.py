from __future__ import annotations

import pytest

from stashbench.errors import RequestError
from stashbench.stash.client import StashClient
from stashbench.stash.jobs import find_job, job_queue, wait_for_job


def job(status, progress=None):
    return {
        "id": "7",
        "status": status,
        "description": "Scanning...",
        "subTasks": None,
        "progress": progress,
        "addTime": "2026-11-23T11:13:09Z",
        "startTime": None,
        "endTime": None,
    }


@pytest.fixture
def client(serve, helpers, answers):
    pending = iter(answers)
    server = serve(lambda _request: helpers.http(body={"data": next(pending)}))
    with StashClient(server.url) as client:
        yield client


@pytest.mark.parametrize("answers", [[{"jobQueue": None}, {"jobQueue": [job("RUNNING", 0.5)]}]])
def test_queue_is_empty_or_holds_jobs(client):
    assert job_queue(client) == ()
    (running,) = job_queue(client)
    assert (running.id, running.progress, running.sub_tasks, running.is_ended) == ("7", 0.5, (), False)


@pytest.mark.parametrize("answers", [[{"findJob": None}]])
def test_a_forgotten_job_is_none(client):
    assert find_job(client, "7") is None


@pytest.mark.parametrize("status", ["FINISHED", "CANCELLED", "FAILED"])
def test_waiting_ends_with_the_job(serve, helpers, status):
    states = iter([job("READY"), job("RUNNING", 0.2), job(status, 1.0)])
    server = serve(lambda _request: helpers.http(body={"data": {"findJob": next(states)}}))
    seen = []
    with StashClient(server.url) as client:
        ended = wait_for_job(client, "7", timeout_seconds=5, poll_seconds=0.01, observe=seen.append)
    assert ended.status == status
    assert [state.status for state in seen] == ["READY", "RUNNING", status]


@pytest.mark.parametrize("answers", [[{"findJob": job("RUNNING")}] * 100])
def test_waiting_has_an_end(client):
    with pytest.raises(RequestError, match="did not end within"):
        wait_for_job(client, "7", timeout_seconds=0.1, poll_seconds=0.02)


@pytest.mark.parametrize("answers", [[{"findJob": None}]])
def test_a_job_that_vanished_is_told(client):
    with pytest.raises(RequestError, match="knows no job 7"):
        wait_for_job(client, "7", timeout_seconds=1)
