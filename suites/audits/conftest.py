"""What several checks share: one idle window, one trace of statements, one latency floor; none is paid twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stashbench.collect.machine_size import MachineSize, machine_size
from stashbench.collect.probes.idle import IdleWatch, watch_idle
from stashbench.collect.probes.operations import ListPage, offered_pages, prepare
from stashbench.collect.probes.rounds import repeat
from stashbench.collect.probes.statements import PageTraces, trace_pages
from stashbench.collect.probes.waiting import TimedOperation, time_operations
from stashbench.collect.sampler import Sampler
from stashbench.harness.evidence import EvidenceRecorder
from stashbench.harness.keys import SESSION_KEY
from stashbench.model.database import DatabaseFacts
from stashbench.model.target import Facility
from stashbench.stash.capabilities import Capabilities
from stashbench.stash.client import StashClient
from stashbench.stash.library_sample import LibrarySample
from stashbench.target import OpenTarget

IDLE_SECONDS = 3.0


@pytest.fixture(scope="session")
def capabilities(target: OpenTarget) -> Capabilities:
    """What the server's API offers."""
    return target.capabilities


@pytest.fixture(scope="session")
def pages(target: OpenTarget) -> tuple[ListPage, ...]:
    """The list pages this server has."""
    return offered_pages(target.adapter)


@pytest.fixture(scope="session")
def floor_rounds(stash: StashClient) -> tuple[float, ...]:
    """Latencies of a request that the server answers from memory, in seconds."""
    return repeat(stash, prepare(stash, "system_status"), budget_seconds=0.5, minimum=15, maximum=200)


@pytest.fixture
def machine(target: OpenTarget) -> MachineSize:
    """The size of the server's machine, this one or that of its node_exporter."""
    return machine_size(target.exporter)


@pytest.fixture(scope="session")
def idle(stash: StashClient, resources: Sampler) -> IdleWatch:
    """One window in which nothing is asked of the server, watched from all sides."""
    return watch_idle(stash, resources, seconds=IDLE_SECONDS)


@pytest.fixture(scope="session")
def traces(stash: StashClient, pages: tuple[ListPage, ...]) -> tuple[PageTraces, ...]:
    """The statements of each list page, from the server's own log."""
    return trace_pages(stash, pages)


@pytest.fixture(scope="session")
def may_write(pytestconfig: pytest.Config) -> bool:
    """Whether the user allowed checks that change data, also on a private copy."""
    return pytestconfig.stash[SESSION_KEY].settings.target.allow_writes


@pytest.fixture(scope="session")
def timed_operations(
    target: OpenTarget, resources: Sampler, pages: tuple[ListPage, ...], library: LibrarySample
) -> tuple[TimedOperation, ...]:
    """Each kind of page timed beside the CPU time it costs the server."""
    pid = target.info.pid if target.info.can(Facility.PROCESS) else None
    try:
        scene_id = library.scene_id
    except pytest.skip.Exception:
        # An empty library has pages all the same, and a skip in a shared fixture would lose the check.
        scene_id = None
    return time_operations(target.client, resources, pages, target.adapter, pid=pid, scene_id=scene_id)


@pytest.fixture
def needs(audit: EvidenceRecorder, target: OpenTarget) -> Callable[[Facility], None]:  # noqa: ARG001 - see below
    """Skip a check whose facility the target lacks; `audit` is there first, so that the skip becomes a finding."""

    def need(facility: Facility) -> None:
        if not target.info.can(facility):
            pytest.skip(target.info.reason(facility) or f"this target has no {facility}")

    return need


@pytest.fixture
def database(needs: Callable[[Facility], None], database_facts: DatabaseFacts | None) -> DatabaseFacts:
    """What the database file tells; skips the check where it is out of reach."""
    needs(Facility.DATABASE_FILE)
    if database_facts is None:
        pytest.skip("the database file could not be read")
    return database_facts
