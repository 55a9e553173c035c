"""One visit to a page that was measured before: warm up, time some calls in a row, look at the answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from stashbench.compare.plan import PathRequest, check_body
from stashbench.errors import RequestError
from stashbench.harness.rounds import warm_up
from stashbench.stash.client import PreparedRequest, StashClient

WARM_BELOW_SECONDS = 0.02
"""Calls longer than this gain little from what the call before left in caches, and one more of them costs a sample."""
MOST_WARM_CALLS = 4
_NANOSECONDS = 1e9


@dataclass(slots=True, kw_only=True)
class RepeatedPage:
    """A request that changes nothing and was timed once, and what is left to do with it.

    `seconds` is how long a call takes, `missing_count` how many samples the first go left to later passes,
    `size_bytes` that of its answer; `keep` has pytest-benchmark take over all samples.
    """

    nodeid: str
    request: PreparedRequest | PathRequest
    seconds: float
    total_count: int
    missing_count: int
    size_bytes: int
    keep: Callable[[tuple[float, ...]], None]


@dataclass(slots=True)
class Taken:
    """The samples of one visit in seconds, when it began (`time.monotonic`), and how many calls warmed up before."""

    began: float = 0.0
    warmup_count: int = 0
    seconds: list[float] = field(default_factory=list)


def make_visit(client: StashClient, page: RepeatedPage, sample_count: int, *, is_cold: bool = False) -> Taken:
    """Time `sample_count` calls; `is_cold` says that the server was just started, so that slow pages warm up too.

    Only an answer of another size than the first one's is decoded, and so is the last one.

    Raises:
        SessionRenewedError: the session had expired, so that no time of this visit counts.
        RequestError: an answer had errors, did not come, or broke off.
        TargetError: the server is gone or refuses us.
    """
    taken = Taken()
    connection = client.connection
    clock = time.perf_counter_ns
    path = page.request.path if isinstance(page.request, PathRequest) else ""
    body = b"" if isinstance(page.request, PathRequest) else page.request.body
    status, answer = 0, b""

    def call() -> float:
        nonlocal status, answer
        begin = clock()
        status, answer = connection.get(path) if path else connection.post(body)
        return (clock() - begin) / _NANOSECONDS

    def call_checked() -> float:
        seconds = call()
        _check(client, page, status, answer)
        return seconds

    if is_cold or page.seconds < WARM_BELOW_SECONDS:
        _, taken.warmup_count = warm_up(call_checked, most=MOST_WARM_CALLS)
    taken.began = time.monotonic()
    for _ in range(sample_count):
        taken.seconds.append(call())
        if status != HTTPStatus.OK or len(answer) != page.size_bytes:
            _check(client, page, status, answer)
    if answer:
        _check(client, page, status, answer, is_decoded=True)
    return taken


def _check(client: StashClient, page: RepeatedPage, status: int, answer: bytes, *, is_decoded: bool = False) -> None:
    client.mind_session(page.request.name, status)
    if status == HTTPStatus.OK and len(answer) == page.size_bytes and not is_decoded:
        return
    data: dict[str, Any] = check_body(client, page.request, status, answer)
    if isinstance(page.request, PreparedRequest) and all(value is None for value in data.values()):
        message = f"The server answered {page.request.name} with nothing: what was timed is no page."
        raise RequestError(message)
