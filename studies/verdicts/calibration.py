"""How long each operation takes, and one turn of useless work: so much must be planted for a slowdown of so much."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

from operations import Operation, operations, random_names

from stashbench.target.server import ServerOptions, running_server

_CALLS = 150
_TURNS = 100_000


@dataclass(frozen=True)
class Calibration:
    """Seconds of each operation (10 % quantile), and of one turn."""

    operation_seconds: tuple[float, ...]
    turn_seconds: float

    def turns(self, index: int, percent: float) -> int:
        """Return how many turns make an operation slower by that share."""
        return max(1, round(self.operation_seconds[index] * percent / 100 / self.turn_seconds))

    def in_words(self) -> str:
        """Say from when to when they go."""
        return f"{min(self.operation_seconds) * 1e3:.2f} to {max(self.operation_seconds) * 1e3:.2f} ms"


def calibrate(*, seed: int) -> Calibration:
    """Ask a healthy server, and one in which each operation does many turns more."""
    names = random_names(Random(seed))
    plain = _times(names, ())
    busy = _times(names, [f"busy={name}:{_TURNS}" for name in names])
    turn = statistics.median(b - a for a, b in zip(plain, busy, strict=True)) / _TURNS
    return Calibration(tuple(plain), turn)


def _times(names: list[str], faults: Sequence[str]) -> list[float]:
    options = ServerOptions(scene_count=500, seed=1, faults=tuple(faults))
    with running_server(options) as server:
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port)
        try:
            return [_time(connection, operation) for operation in operations(names)]
        finally:
            connection.close()


def _time(connection: http.client.HTTPConnection, operation: Operation) -> float:
    body = json.dumps({"query": operation.document, "variables": operation.variables}).encode()
    taken = []
    for _ in range(_CALLS):
        begin = time.perf_counter()
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        taken.append(time.perf_counter() - begin)
    assert b'"errors"' not in answer, answer[:500]
    return statistics.quantiles(taken, n=10)[0]
