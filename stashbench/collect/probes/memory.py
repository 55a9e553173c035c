"""Sends many equal, cheap requests and reads the server's memory in between."""

from __future__ import annotations

from stashbench.collect.sampler import Sampler
from stashbench.stash.client import PreparedRequest, StashClient

WARM_UP_REQUESTS = 120
CHUNK_REQUESTS = 40
CHUNKS = 9


def watch_memory(
    client: StashClient, resources: Sampler, prepared: PreparedRequest
) -> tuple[tuple[int, ...], tuple[float | None, ...]]:
    """Return how many requests had been sent at each reading, and the resident memory in bytes then."""
    for _ in range(WARM_UP_REQUESTS):
        client.send(prepared)
    counts, memory = [], []
    for chunk in range(CHUNKS):
        span = f"probe:memory:{chunk}"
        resources.begin(span)
        for _ in range(CHUNK_REQUESTS):
            client.send(prepared)
        use = resources.end(span)
        counts.append((chunk + 1) * CHUNK_REQUESTS)
        memory.append(None if use.rss_end_bytes is None else float(use.rss_end_bytes))
    return tuple(counts), tuple(memory)
