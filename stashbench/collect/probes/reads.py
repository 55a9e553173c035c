"""Counts what one view of a page makes the server read from files."""

from __future__ import annotations

from stashbench.collect.sampler import Sampler
from stashbench.stash.client import PreparedRequest, StashClient

VIEWS = 3


def count_reads(client: StashClient, resources: Sampler, prepared: PreparedRequest) -> tuple[int | None, int]:
    """Return the bytes read over several equal views, after one that warms up, and how many views those were.

    Bytes are counted where the server asks the kernel for them, whether or not they come from the disk.

    Raises:
        RequestError: the page cannot be viewed.
    """
    client.run(prepared)
    resources.begin("probe:reads")
    try:
        for _ in range(VIEWS):
            client.send(prepared)
    finally:
        use = resources.end("probe:reads")
    return use.logical_read_bytes, VIEWS
