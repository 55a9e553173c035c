"""The same operations under pytest-benchmark alone, one keep-alive connection, as its users write them."""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from operations import Operation, operations

ALL = operations()


@pytest.fixture(scope="session")
def connection() -> Iterator[http.client.HTTPConnection]:
    """Give a connection to the server of this session."""
    address = urlsplit(os.environ["STASHBENCH_STUDY_URL"])
    opened = http.client.HTTPConnection(str(address.hostname), address.port)
    yield opened
    opened.close()


@pytest.mark.parametrize("operation", ALL, ids=[operation.name for operation in ALL])
def bench_operation(benchmark: Any, connection: http.client.HTTPConnection, operation: Operation) -> None:
    """One small piece of work."""

    def ask() -> bytes:
        connection.request("GET", operation.path)
        return connection.getresponse().read()

    assert benchmark(ask)
