"""One server's benchmarks over many runs, as the trend page and the search for change points read them."""

from __future__ import annotations

from stashbench.model.base import Model


class TrendRun(Model):
    """One run and what is recorded of its circumstances; None where nobody recorded it.

    `machine` says the machine in words, `fingerprint` tells machines apart. `is_unfit` is True where the machine was
    too disturbed for its times to be judged.
    """

    run_id: str
    started_at: str
    fingerprint: str
    stashbench_version: str | None = None
    server_version: str | None = None
    schema_version: int | None = None
    scene_count: int | None = None
    library_bytes: int | None = None
    configuration_hash: str | None = None
    machine: str | None = None
    is_partial: bool = False
    is_unfit: bool = False


class TrendValue(Model):
    """One benchmark in one run. `run` is the place in `ServerTrend.runs`; times are in seconds."""

    run: int
    q10_seconds: float
    median_seconds: float
    sample_count: int
    definition_hash: str | None = None


class TrendLine(Model):
    """One benchmark over the runs that measured it, oldest first."""

    benchmark_id: str
    title: str
    values: tuple[TrendValue, ...]


class ServerTrend(Model):
    """The runs of one server, oldest first, and its benchmarks; `run_count` counts also runs too old to be here."""

    key: str
    name: str
    runs: tuple[TrendRun, ...]
    lines: tuple[TrendLine, ...]
    run_count: int
