"""Times each kind of page beside the CPU time it costs the server, so that waiting can be told from working."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stashbench.collect.probes.operations import ListPage, page_request, prepare
from stashbench.collect.probes.rounds import repeat
from stashbench.collect.probes.run_delay import run_delay_between, run_delays
from stashbench.collect.sampler import Sampler
from stashbench.errors import RequestError
from stashbench.stash.adapt import Adapter
from stashbench.stash.client import PreparedRequest, StashClient

_BUDGET_SECONDS = 0.25


class TimedOperation(NamedTuple):
    """One operation: its latencies, and of all of them (warm-up included) the CPU time and the time without a CPU."""

    operation: str
    rounds_seconds: tuple[float, ...]
    cpu_seconds: float | None
    run_delay_seconds: float | None
    request_count: int
    failure: str = ""


def time_operations(
    client: StashClient,
    resources: Sampler,
    pages: Sequence[ListPage],
    adapter: Adapter,
    *,
    pid: int | None,
    scene_id: str | None,
) -> tuple[TimedOperation, ...]:
    """Repeat statistics, one scene, and each list page for a quarter of a second."""
    requests: dict[str, PreparedRequest] = {"stats": prepare(client, "stats", adapter=adapter)}
    if scene_id:
        requests["findScene"] = prepare(client, "scene", {"id": scene_id}, adapter=adapter)
    requests |= {page.query: page_request(client, page) for page in pages}
    return _time_all(client, resources, requests, pid)


def _time_all(
    client: StashClient, resources: Sampler, requests: Mapping[str, PreparedRequest], pid: int | None
) -> tuple[TimedOperation, ...]:
    timed = []
    for name, prepared in requests.items():
        span = f"probe:waiting:{name}"
        resources.begin(span)
        delays = run_delays(pid)
        rounds: tuple[float, ...] = ()
        failure = ""
        try:
            rounds = repeat(client, prepared, budget_seconds=_BUDGET_SECONDS)
        except RequestError as error:
            failure = str(error)
        finally:
            use = resources.end(span)
        delay = run_delay_between(delays, run_delays(pid))
        timed.append(TimedOperation(name, rounds, use.cpu_seconds, delay, len(rounds) + 1, failure))
    return tuple(timed)
