"""The state of one audit inside one pytest session: the open target, the sampler, and what was measured so far."""

from __future__ import annotations

import contextlib
import secrets
import shlex
import signal
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stashbench.audit import RunRecord, forget_run, open_journal, rfc3339
from stashbench.errors import StashbenchError, StoreError
from stashbench.harness.floor import measure_client_floor
from stashbench.harness.interrupts import deaf_to_interrupts
from stashbench.harness.machine import AuditedMachine
from stashbench.harness.passes import Passes
from stashbench.harness.profile import Profiler
from stashbench.harness.record import TestRecord
from stashbench.harness.restarts import RestartWatch
from stashbench.harness.server_log import ServerLog
from stashbench.model.finding import Finding
from stashbench.model.measurement import Measurement, Visit
from stashbench.model.sample import ResourceUse, Span
from stashbench.model.target import Facility
from stashbench.store.journal import End, Found, Line, Logged, Measured, Note, Spanned, Used, Visited

if TYPE_CHECKING:
    from stashbench.config import Settings
    from stashbench.harness.progress import Progress
    from stashbench.model.database import DatabaseFacts
    from stashbench.model.result import AuditResult
    from stashbench.model.server_log import LogSource, SlowStatement

QUICK_BUDGET_SECONDS = 0.15
SETTLE_SECONDS = 120.0


class AuditSession:
    """Opens the target, keeps records while tests run, and hands one `RunRecord` over at the end.

    Raises:
        TargetError: the server cannot be used; nothing was written then.
        StashbenchError: the library, the sampler or the journal could not be had.
    """

    def __init__(self, settings: Settings, progress: Progress, command: Sequence[str], *, is_quick: bool) -> None:
        from stashbench.collect.environment import collect_environment
        from stashbench.collect.sampler import Sampler
        from stashbench.target import open_target

        self.settings = settings
        self.progress = progress
        self.budget_seconds = QUICK_BUDGET_SECONDS if is_quick else settings.audit.benchmark_budget_seconds
        self.current: TestRecord | None = None
        self.planned: list[str] = []
        self.finished: list[str] = []
        self.failed_tests: dict[str, str] = {}
        self.result: AuditResult | None = None
        self.error = ""
        self.loss = ""
        self.process_number = 0
        self.is_out_of_reach = False
        self._is_measuring_over = False
        self._is_journal_cut = False
        self.problems: tuple[str, ...] = ()
        self.was_interrupted = False
        self.is_over = False
        self.interrupt_status = 128 + signal.SIGINT
        self._resources = contextlib.ExitStack()
        begun: Path | None = None
        try:
            progress.opening()
            self.target = self._resources.enter_context(open_target(settings.target, progress=progress.library))
            self._login_count = self.target.client.login_count
            self.run_id, started_at = new_run_id()
            self.run_directory = settings.audit.report_directory / self.run_id
            self.record = RunRecord(
                run_id=self.run_id,
                started_at=started_at,
                target=self.target.info,
                environment=collect_environment(self.target.database_path if self.target.is_here else None),
                settings=_shown(settings),
                command=shlex.join(_without_key(command)),
                seed=secrets.randbits(31),
            )
            self.profiler = Profiler(self)
            self.passes = Passes(self)
            self.machine = AuditedMachine(
                lambda: self.target, progress, quiet_limit_seconds=settings.audit.wait_quiet_seconds
            )
            self.record.warnings += filter(None, [self.machine.wait_until_quiet()])
            self.journal = self._resources.enter_context(open_journal(self.run_directory, self.record))
            begun = self.run_directory
            self.sampler = Sampler(
                self.target.info.pid if self.target.info.can(Facility.PROCESS) else None,
                interval_seconds=settings.audit.sample_interval_seconds,
                database_directory=self.target.database_path.parent if self.target.database_path else None,
                is_local=self.target.info.can(Facility.HOST),
                spool_directory=self.run_directory,
                exporter=self.target.exporter,
            )
            self.sampler.start()
            self._resources.callback(self.stop_measuring)
            self.client_floor_seconds = measure_client_floor()
            self.server_log = ServerLog(self)
            self.restarts = RestartWatch(self)
        except BaseException:
            with deaf_to_interrupts():
                self._resources.close()
                if begun is not None:
                    forget_run(begun)
            raise

    @cached_property
    def database_facts(self) -> DatabaseFacts | None:
        """Facts read from the database file, None where it is not within reach."""
        from stashbench.collect.database import read_database_facts

        path = self.target.database_path
        return None if path is None else read_database_facts(path, is_server_here=self.target.is_here)

    def add_span(self, span: Span, use: ResourceUse | None) -> None:
        """Keep a span and what the server used during it."""
        self.record.spans.append(span)
        self._note_down(Spanned(span=span))
        if use is not None:
            self.record.resources.append(use)
            self._note_down(Used(use=use))

    def add_measurement(self, measurement: Measurement) -> None:
        """Keep a measurement, in memory and on disk."""
        kept = [item for item in self.record.measurements if item.nodeid != measurement.nodeid]
        if any(item.id == measurement.id for item in kept):
            self.warn(f"two benchmarks are called {measurement.id}; rename one, or baselines will mix them up")
        self.record.measurements[:] = [*kept, measurement]
        self._note_down(Measured(measurement=measurement))

    def update_measurement(self, nodeid: str, **changes: object) -> None:
        """Add to what is known of a measurement, in memory and on disk."""
        for index, item in enumerate(self.record.measurements):
            if item.nodeid == nodeid:
                changed = msgspec.structs.replace(item, **changes)
                self.record.measurements[index] = changed
                self._note_down(Measured(measurement=changed))

    def keep_visit(self, nodeid: str, visit: Visit, rounds_seconds: tuple[float, ...]) -> None:
        """Note down at once what a visit took; the measurement gets it when the passes are over."""
        self._note_down(Visited(nodeid=nodeid, visit=visit, rounds_seconds=rounds_seconds))

    @property
    def is_own_server(self) -> bool:
        """Whether the server is one that we started, and so may start anew."""
        return self.target.restarting is not None

    def renew_target(self) -> None:
        """Start our server anew on the same library; errors as for `restart`."""
        from stashbench.target.restart import restart

        try:
            restart([self.target])
        except StashbenchError as error:
            self.loss = f"it did not come up again: {error}"
            raise
        self.process_number += 1
        if self.target.pid is not None:
            self.sampler.follow(self.target.pid)

    def keep_log(self, statements: tuple[SlowStatement, ...], sources: tuple[LogSource, ...]) -> None:
        """Keep what the server's log told, in memory and on disk."""
        self.record.logged_statements, self.record.log_sources = statements, sources
        self._note_down(Logged(statements=statements, sources=sources))

    def add_finding(self, finding: Finding) -> None:
        """Keep a finding, in memory and on disk."""
        kept = [item for item in self.record.findings if item.nodeid != finding.nodeid]
        if any(item.id == finding.id for item in kept):
            self.warn(f"two checks are called {finding.id}; rename one, or advice will mix them up")
        self.record.findings[:] = [*kept, finding]
        self._note_down(Found(finding=finding))

    def warn(self, message: str) -> None:
        """Keep a warning for the report."""
        if message not in self.record.warnings:
            self.record.warnings.append(message)
            self._note_down(Note(text=message))

    def note_log_ins(self, label: str) -> None:
        """Warn if we had to log in again during the test called `label`."""
        count = self.target.client.login_count
        if count > self._login_count:
            self.warn(
                f"{label}: the session had expired, or was about to, and we logged in again; no time in this report "
                "holds that. An API key needs no session."
            )
        self._login_count = count

    def settle(self, label: str) -> None:
        """Wait until the server has done with a request that was given up: it would disturb what is measured next."""
        from stashbench.collect.probes.settle import tree_cpu_seconds, wait_until_idle

        given_up = f"{label} was given up after {self.target.client.timeout_seconds:g} s"
        pid = self.target.info.pid
        if pid is None:
            self.warn(f"{given_up}; whether the server still works on it cannot be seen from here")
            return
        begin = time.monotonic()
        is_idle = wait_until_idle(lambda: tree_cpu_seconds(pid), limit_seconds=SETTLE_SECONDS)
        waited = f"{time.monotonic() - begin:.0f} s"
        if is_idle:
            self.warn(f"{given_up}; the server was done with it {waited} later, and the audit went on then")
        else:
            self.warn(f"{given_up}, and {waited} later the server still worked on it: what follows is disturbed")

    def _note_down(self, line: Line) -> None:
        """Write a line to the journal; where that fails, the run goes on, and the result still comes from memory."""
        if self._is_journal_cut:
            return
        try:
            self.journal.append(line)
        except StoreError as error:
            self._is_journal_cut = True
            self.warn(f"the journal ends early, so a run killed from then on would have lost its measurements: {error}")

    def journal_kept(self) -> str:
        """Say how to make a report from the journal, once there is room for it."""
        how = f"What was measured is in {self.journal.path}: `stashbench report {self.run_directory}` makes the report."
        return how.replace("What was", "Part of what was") if self._is_journal_cut else how

    def close(self) -> None:
        """Close journal and target; safe to call twice."""
        self._resources.close()

    def forget_journal(self) -> None:
        """Remove journal and samples of a run whose result is written: they only served a run that is killed."""
        from stashbench.collect.sampler.columns import SAMPLES_NAME

        self._note_down(End(finished_at=rfc3339(datetime.now(UTC))))
        self.journal.path.unlink(missing_ok=True)
        (self.run_directory / SAMPLES_NAME).unlink(missing_ok=True)

    def stop_measuring(self) -> None:
        """Stop the sampler; what it saw goes into the record. Safe to call twice."""
        if self._is_measuring_over:
            return
        self._is_measuring_over = True
        self.record.machine = self.machine.quality(self.record.environment.cpu_count)
        try:
            self.record.timeline, self.record.sampler_cost = self.sampler.stop()
        except (StashbenchError, OSError) as error:
            self.record.partial_reasons.append(f"the resource timeline was lost: {error}")
        for warning in self.sampler.warnings:
            self.warn(warning)


def new_run_id() -> tuple[str, str]:
    """Return an id that sorts by time and is unique on this machine, and the time it names (RFC 3339, UTC)."""
    now = datetime.now(UTC)
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}", rfc3339(now)


def _shown(settings: Settings) -> dict[str, str]:
    """Return the settings in force as text with their sources; secrets show their mask."""
    shown = {}
    for section in ("target", "audit"):
        for name, value in vars(getattr(settings, section)).items():
            key = f"{section}.{name}"
            shown[key] = f"{value} ({settings.source(key)})"
    return shown


def _without_key(command: Sequence[str]) -> list[str]:
    """Return the command line with the API key masked."""
    shown = []
    is_key = False
    for word in command:
        if is_key:
            shown.append("***")
        elif word.startswith("--stash-api-key="):
            shown.append("--stash-api-key=***")
        else:
            shown.append(word)
        is_key = word == "--stash-api-key"
    return shown
