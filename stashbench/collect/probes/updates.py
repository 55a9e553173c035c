"""Saves a scene as it is, which runs the same hooks as any change: the only probe that writes."""

from __future__ import annotations

import time

from stashbench.stash.client import StashClient
from stashbench.stash.operations import load

ROUNDS = 5


def time_updates(client: StashClient, scene_id: str) -> tuple[float, ...]:
    """Save one scene a few times without naming any field of it, and return the latencies.

    Only its time of update changes: a title read before and written back could undo what somebody edits meanwhile.

    Raises:
        RequestError: the server declines.
    """
    prepared = client.prepare(load("scene_update"), {"input": {"id": scene_id}})
    client.run(prepared)
    rounds = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        body = client.send(prepared)
        rounds.append(time.perf_counter() - begin)
        client.check(prepared, client.last_status, body)
    return tuple(rounds)
