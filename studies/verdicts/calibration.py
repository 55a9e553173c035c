"""How long each operation takes, and one turn of useless work: so much must be planted for a slowdown of so much."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from operations import Operation, operations, random_names

from stashbench.target.server import ServerOptions, running_server

_CALLS = 200
_TURNS = 20_000


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


def calibrate(kept: Path, *, seed: int) -> Calibration:
    """Return what was measured before and is kept in a file, or else measure it and keep it.

    One server is asked in turns for each operation under two names, of which one does many turns more.
    """
    if kept.exists():
        stored = json.loads(kept.read_text(encoding="utf-8"))
        return Calibration(tuple(stored["operation_seconds"]), stored["turn_seconds"])
    chance = Random(seed)
    plain, busy = random_names(chance), random_names(chance)
    options = ServerOptions(scene_count=500, seed=1, faults=tuple(f"busy={name}:{_TURNS}" for name in busy))
    with running_server(options) as server:
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port)
        try:
            pairs = [_times(connection, pair) for pair in zip(operations(plain), operations(busy), strict=True)]
        finally:
            connection.close()
    turn = statistics.median(slow - quick for quick, slow in pairs) / _TURNS
    found = Calibration(tuple(quick for quick, _ in pairs), turn)
    kept.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return found


def _times(connection: http.client.HTTPConnection, pair: tuple[Operation, Operation]) -> tuple[float, float]:
    """Return the 10 % quantile of either, asked in turns."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(_CALLS):
        for operation, times in zip(pair, taken, strict=True):
            begin = time.perf_counter()
            connection.request("GET", operation.path)
            answer = connection.getresponse().read()
            times.append(time.perf_counter() - begin)
            assert b"no such" not in answer, answer
    quick, slow = (statistics.quantiles(times, n=10)[0] for times in taken)
    return quick, slow
