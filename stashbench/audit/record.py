"""What a run has recorded so far, in memory and in its journal."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import stashbench
from stashbench.errors import StoreError
from stashbench.model.environment import Environment
from stashbench.model.finding import Finding
from stashbench.model.measurement import Measurement
from stashbench.model.quality import MachineQuality
from stashbench.model.sample import ResourceUse, SamplerCost, Span, Timeline
from stashbench.model.server_log import LogSource, SlowStatement
from stashbench.model.side_by_side import PairedBenchmark
from stashbench.model.target import Target

if TYPE_CHECKING:
    from stashbench.store.journal import Journal


@dataclass(kw_only=True)
class RunRecord:
    """What a run has recorded so far; grows while tests run.

    `command` and `settings` hold no secrets; `seed` is that of the order in which pages were timed. `replayed` is what
    a comparison with the baseline's server, started once more, said of suspects, by id of the benchmark,
    `replayed_shift` how far all of those pages lay apart (logarithm, with its 95 % interval).
    """

    run_id: str
    started_at: str
    target: Target
    environment: Environment
    settings: dict[str, str] = field(default_factory=dict)
    command: str = ""
    measurements: list[Measurement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    resources: list[ResourceUse] = field(default_factory=list)
    timeline: Timeline = field(default_factory=Timeline)
    sampler_cost: SamplerCost | None = None
    warnings: list[str] = field(default_factory=list)
    partial_reasons: list[str] = field(default_factory=list)
    logged_statements: tuple[SlowStatement, ...] = ()
    log_sources: tuple[LogSource, ...] = ()
    seed: int | None = None
    replayed: dict[str, PairedBenchmark] = field(default_factory=dict)
    replayed_shift: tuple[float, float, float] | None = None
    machine: MachineQuality | None = None


def open_journal(directory: Path, record: RunRecord) -> Journal:
    """Begin the journal of a run: from now on, killing the process does not lose what was measured.

    Raises:
        StoreError: the folder cannot be written.
    """
    from stashbench.store.journal import Header, Journal

    header = Header(
        run_id=record.run_id,
        stashbench_version=stashbench.__version__,
        started_at=record.started_at,
        target=record.target,
        environment=record.environment,
        settings=record.settings,
        command=record.command,
        seed=record.seed,
    )
    journal = Journal(directory)
    try:
        journal.append(header)
        journal.sync()
    except StoreError:
        journal.close()
        forget_run(directory)
        raise
    return journal


def forget_run(directory: Path) -> None:
    """Remove the folder of a run that never began: its journal and its samples, and nothing else that may be there."""
    from stashbench.collect.sampler.columns import SAMPLES_NAME
    from stashbench.store.journal import JOURNAL_NAME

    with contextlib.suppress(OSError):
        for name in (JOURNAL_NAME, SAMPLES_NAME):
            (directory / name).unlink(missing_ok=True)
        directory.rmdir()


def rfc3339(moment: datetime) -> str:
    """Return a time in UTC as documents hold it: RFC 3339 to the millisecond."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
