"""Repeats one request and times it; a request that fails now and then costs its round only."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from stashbench.errors import RequestError
from stashbench.stash.client import PreparedRequest, StashClient

T = TypeVar("T")
_FEWEST = 2
ATTEMPTS = 5


def repeat(
    client: StashClient, prepared: PreparedRequest, *, budget_seconds: float, minimum: int = 3, maximum: int = 50
) -> tuple[float, ...]:
    """Return the latencies in seconds of good answers, one warm-up round not among them.

    Repeats until the budget is used up, at least `minimum` times; very slow requests are repeated twice only.

    Raises:
        RequestError: most of the requests failed; the message is the last one's.
    """
    rounds: list[float] = []
    failures = 0
    client.send(prepared)
    spent = 0.0
    while len(rounds) < maximum and not _is_enough(len(rounds), spent, budget_seconds, minimum):
        begin = time.perf_counter()
        body = client.send(prepared)
        seconds = time.perf_counter() - begin
        spent += seconds
        try:
            client.check(prepared, client.last_status, body)
        except RequestError:
            failures += 1
            if failures > len(rounds) + minimum:
                raise
            continue
        rounds.append(seconds)
    return tuple(rounds)


def insist(request: Callable[[], T]) -> T:
    """Return what a request yields, trying a few times: a server that fails now and then is another check's case.

    Raises:
        RequestError: it failed every time; the message is the last one's.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return request()
        except RequestError:
            continue
    return request()


def _is_enough(count: int, spent: float, budget_seconds: float, minimum: int) -> bool:
    return spent >= budget_seconds and count >= (minimum if spent < minimum * budget_seconds else _FEWEST)
