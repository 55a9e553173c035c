"""Saves a scene as it is, which runs the same hooks as any change: the only probe that writes."""

from __future__ import annotations

import time

from stashbench.stash.client import StashClient
from stashbench.stash.reading import reading

ROUNDS = 5
_READ = "query SceneTitle($id: ID!) { findScene(id: $id) { id title } }"
_WRITE = "mutation SceneUpdate($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }"


def time_updates(client: StashClient, scene_id: str) -> tuple[float, ...]:
    """Save one scene's title unchanged a few times and return the latencies; only its time of update changes.

    Raises:
        RequestError: the server declines.
    """
    answer = client.execute(_READ, {"id": scene_id})
    with reading(client.url, "the question for a scene's title"):
        title = answer["findScene"]["title"]
    prepared = client.prepare(_WRITE, {"input": {"id": scene_id, "title": title}})
    client.run(prepared)
    rounds = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        body = client.send(prepared)
        rounds.append(time.perf_counter() - begin)
        client.check(prepared, client.last_status, body)
    return tuple(rounds)
