"""Servers that many comparisons may ask: a start costs a second, and asking changes nothing in them."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from stashbench.target.server import ServerOptions, running_server


@pytest.fixture(scope="package")
def shared_server():
    """Give a running server with these faults, the same one each time: `shared_server("latency=FindTags:30")`."""
    with ExitStack() as stack:
        running = {}

        def of(*faults, scene_count=200):
            key = (faults, scene_count)
            if key not in running:
                options = ServerOptions(scene_count=scene_count, seed=1, faults=faults)
                running[key] = stack.enter_context(running_server(options))
            return running[key]

        yield of
