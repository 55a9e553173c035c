"""A small generated library, and real server processes over copies of it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stashbench.embedded.library import generate

SCENE_COUNT = 300


def wait_until(condition: Callable[[], Any], timeout_seconds: float = 10.0) -> Any:
    """Poll until the condition gives something true, and return that."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    pytest.fail(f"not within {timeout_seconds} s: {condition}")


@pytest.fixture(name="wait_until", scope="session")
def fixture_wait_until():
    return wait_until


@dataclass
class ServerUnderTest:
    url: str
    pid: int
    database: Path
    process: subprocess.Popen[bytes]

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None):
        """Return (status, headers, body)."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def post(self, query: str, variables: dict[str, Any] | None = None, **headers: str):
        """Return (status, decoded answer) of a GraphQL request."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        status, _, answer = self.request("POST", "/graphql", body, {"Content-Type": "application/json", **headers})
        return status, json.loads(answer) if answer else None

    def data(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> dict[str, Any]:
        """Return the data of a request that must succeed."""
        status, answer = self.post(query, variables, **headers)
        assert status == 200, answer
        assert "errors" not in answer, answer
        return answer["data"]


@contextmanager
def running(database: Path, *arguments: str, environment: dict[str, str] | None = None) -> Iterator[ServerUnderTest]:
    command = [sys.executable, "-m", "stashbench.embedded", "serve", "--database", str(database), "--exit-with-parent"]
    process = subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    try:
        ready = json.loads(process.stdout.readline() or "null")
        assert ready, f"the server ended with status {process.wait()}"
        yield ServerUnderTest(ready["url"], ready["pid"], Path(ready["database"]), process)
    finally:
        process.stdin.close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            process.stdout.close()


@pytest.fixture(scope="session")
def pristine_library(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("library") / "pristine.sqlite"
    generate(path, scene_count=SCENE_COUNT, seed=1)
    return path


@pytest.fixture
def library(pristine_library, tmp_path) -> Path:
    return Path(shutil.copy(pristine_library, tmp_path / "stash-go.sqlite"))


@pytest.fixture(scope="session")
def run_server(pristine_library, tmp_path_factory):
    """Context manager of a server over a fresh copy of the library: with run_server(*arguments, environment=...)."""

    @contextmanager
    def run(*arguments: str, environment: dict[str, str] | None = None) -> Iterator[ServerUnderTest]:
        copy = Path(shutil.copy(pristine_library, tmp_path_factory.mktemp("served") / "stash-go.sqlite"))
        with running(copy, *arguments, environment=environment) as started:
            yield started

    return run


@pytest.fixture
def start_server(run_server):
    """Start servers that end with the test: start_server(*arguments, environment=...)."""
    with ExitStack() as stack:
        yield lambda *arguments, **options: stack.enter_context(run_server(*arguments, **options))


@pytest.fixture(scope="module")
def server(run_server) -> Iterator[ServerUnderTest]:
    """One healthy server for the tests of a module."""
    with run_server() as started:
        yield started
