"""One embedded server for all tests of this folder, protected by a key, on a small library."""

from __future__ import annotations

import socket

import pytest

from stashbench.config.target import TargetSettings
from stashbench.model.secret import Secret
from stashbench.target.server import ServerOptions, running_server

KEY = Secret("planted.key")
SCENES = 300


@pytest.fixture(scope="package")
def server(tmp_path_factory):
    cache = tmp_path_factory.mktemp("libraries")
    options = ServerOptions(scene_count=SCENES, seed=7, api_key=KEY, cache_directory=cache)
    with running_server(options) as running:
        yield running


@pytest.fixture
def settings(server):
    """Settings that attach to it."""

    def make(**changes):
        return TargetSettings(**{"url": server.url, "api_key": KEY, "timeout_seconds": 10.0, **changes})

    return make


@pytest.fixture
def free_port():
    """A port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
