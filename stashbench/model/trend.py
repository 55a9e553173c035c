"""One server's benchmarks over many runs, as the trend page and the search for change points read them."""

from __future__ import annotations

from stashbench.model.base import Model
from stashbench.model.target import TargetKind


class Circumstances(Model):
    """What of a run's server and machine may explain its times; empty or None where it was not recorded.

    `library` counts objects by noun ("scenes": 2000), `settings` are those of the server that bear on its speed,
    `machine` the facts that tell machines apart.
    """

    server_version: str | None = None
    program_sha256: str | None = None
    schema_version: int | None = None
    library: dict[str, int] = {}
    settings: dict[str, str] = {}
    faults: tuple[str, ...] = ()
    fingerprint: str = ""
    machine: dict[str, str] = {}
    stashbench_version: str = ""


class TrendRun(Model):
    """One run. `is_unfit` is True where the machine was too disturbed for times to be judged."""

    run_id: str
    started_at: str
    circumstances: Circumstances
    is_partial: bool = False
    is_unfit: bool = False


class TrendValue(Model):
    """One benchmark in one run. `run` is the place in `ServerTrend.runs`; times are in seconds."""

    run: int
    q10_seconds: float
    median_seconds: float
    sample_count: int
    definition_hash: str = ""


class TrendLine(Model):
    """One benchmark over the runs that measured it, oldest first."""

    benchmark_id: str
    title: str
    values: tuple[TrendValue, ...]


class ServerTrend(Model):
    """The newest runs of one server, oldest first, and its benchmarks. `run_count` counts all its runs.

    A server that we start is told by its library, so that its releases follow each other on one line.
    """

    kind: TargetKind
    address: str
    runs: tuple[TrendRun, ...]
    lines: tuple[TrendLine, ...]
    run_count: int
