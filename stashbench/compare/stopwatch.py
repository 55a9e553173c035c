"""Takes the times: requests prepared beforehand, the answer read to its end, everything else outside of the clock."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from stashbench.collect.process_clock import used_between
from stashbench.compare.plan import PathRequest, SideRequest, check_body
from stashbench.compare.schedule import Visit
from stashbench.compare.side import Side
from stashbench.errors import RequestError


@dataclass(slots=True)
class Tally:
    """What one side used for one benchmark, and the most memory seen.

    Processor seconds are those of `cpu_request_count` requests: fewer than all where its process was gone meanwhile.
    """

    request_count: int = 0
    cpu_request_count: int = 0
    cpu_seconds: float | None = None
    rss_bytes: int | None = None


@dataclass(slots=True)
class Taken:
    """The samples of one visit in nanoseconds, when it began (monotonic seconds), and the server's CPU time for it."""

    began: float
    cpu_ns: int | None = None
    samples_ns: list[int] = field(default_factory=list)


def make_visit(side: Side, wanted: SideRequest, visit: Visit, tally: Tally) -> Taken:
    """Send a visit's requests and time each; the last answer is checked afterwards.

    Raises:
        SessionRenewedError: the session had expired, so that no time of this visit counts.
        RequestError: an answer had errors.
        TargetError: the server is gone or refuses us.
    """
    request = wanted.request
    assert request is not None
    client = side.target.client
    clock = time.perf_counter_ns
    # What the timed loop needs is looked up before it.
    connection = client.connection
    path = request.path if isinstance(request, PathRequest) else ""
    body = b"" if isinstance(request, PathRequest) else request.body
    before = side.clock.cpu_seconds() if side.clock is not None else None
    taken = Taken(time.monotonic())
    samples = taken.samples_ns
    status, answer = 0, b""
    for _ in range(visit.sample_count):
        begin = clock()
        status, answer = connection.get(path) if path else connection.post(body)
        samples.append(clock() - begin)
        if status != HTTPStatus.OK:
            break
    if side.clock is not None and before is not None:
        used = used_between(before, side.clock.cpu_seconds())
        if used is not None:
            taken.cpu_ns = round(used * 1e9)
            tally.cpu_seconds = (tally.cpu_seconds or 0.0) + used
            tally.cpu_request_count += len(samples)
        size = side.clock.rss_bytes()
        if size is not None:
            tally.rss_bytes = max(size, tally.rss_bytes or 0)
    tally.request_count += len(samples)
    _check(side, wanted, status, answer)
    return taken


def _check(side: Side, wanted: SideRequest, status: int, body: bytes) -> None:
    """Decode an answer only where its size is not that of the first one, which was decoded."""
    request, first = wanted.request, wanted.answer
    assert request is not None
    assert first is not None
    client = side.target.client
    client.mind_session(request.name, status)
    if status == HTTPStatus.OK and len(body) == first.size_bytes:
        return
    check_body(client, request, status, body)
    if status != HTTPStatus.OK:
        message = f"{side.label} answered {request.name} with status {status} in the middle of the run"
        raise RequestError(message)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep Python's garbage collector out of the times: collect before, and not until the round is over."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
