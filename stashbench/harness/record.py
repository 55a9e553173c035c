"""What one test leaves: its span, its measurement or its finding, however it ended."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec

from stashbench.errors import UsageError
from stashbench.model.finding import Finding, Outcome
from stashbench.model.measurement import Measurement, MeasurementOutcome
from stashbench.model.sample import ResourceUse, Span, SpanKind

if TYPE_CHECKING:
    from stashbench.harness.evidence import EvidenceRecorder
    from stashbench.harness.session import AuditSession


class TestRecord:
    """One test while it runs. `measurement` is set by the stopwatch, `recorder` by the `audit` fixture."""

    __test__ = False  # not a test itself, whatever pytest thinks of the name

    def __init__(
        self,
        session: AuditSession,
        nodeid: str,
        label: str,
        kind: SpanKind,
        make_recorder: Callable[[], EvidenceRecorder],
    ) -> None:
        self.session = session
        self._make_recorder = make_recorder
        self.nodeid = nodeid
        self.label = label
        self.kind = kind
        self.recorder: EvidenceRecorder | None = None
        self.measurement: Measurement | None = None
        self.use: ResourceUse | None = None
        self.failure = ""
        self.skip_reason = ""
        self.is_not_offered = False
        self.was_interrupted = False
        self.was_given_up = False

    @contextlib.contextmanager
    def span(self) -> Iterator[None]:
        """Make what happens inside a span of the timeline, with the resources it used."""
        origin = self.session.sampler.clock_origin
        begin, own_cpu = time.monotonic(), time.process_time()
        is_timed = self.kind is SpanKind.BENCHMARK
        self.session.sampler.begin(self.nodeid)
        try:
            with self.session.machine.watch.part() if is_timed else contextlib.nullcontext():
                yield
        finally:
            use = self.session.sampler.end(self.nodeid)
            self.use = msgspec.structs.replace(use, harness_cpu_seconds=time.process_time() - own_cpu)
            end = time.monotonic()
            self.session.add_span(
                Span(
                    id=self.nodeid,
                    label=self.label,
                    kind=self.kind,
                    begin_seconds=begin - origin,
                    end_seconds=end - origin,
                ),
                self.use,
            )

    def close(self) -> None:
        """Hand what the test came to over to the session, which journals it at once."""
        if self.was_interrupted:
            return
        if self.recorder is None and self.kind is SpanKind.AUDIT and (self.failure or self.skip_reason):
            # A fixture ended the test before the recorder was asked for; the check must not vanish from the report.
            try:
                self.recorder = self._make_recorder()
            except UsageError as error:
                self.session.warn(f"a check was lost: {error}")
        if self.recorder is not None:
            self.session.add_finding(self._finding(self.recorder))
        measurement = self._measurement()
        if measurement is not None:
            self.session.add_measurement(measurement)

    def _finding(self, recorder: EvidenceRecorder) -> Finding:
        if self.failure:
            return recorder.error(self.failure)
        finding = recorder.finding()
        if self.skip_reason and finding.outcome is Outcome.ERROR:
            if self.is_not_offered:
                recorder.not_applicable(self.skip_reason)
            else:
                recorder.not_measured(self.skip_reason)
            finding = recorder.finding()
        return finding

    def _measurement(self) -> Measurement | None:
        if self.kind is not SpanKind.BENCHMARK:
            return None
        measurement = self.measurement or self._unmeasured()
        changes: dict[str, object] = {"resources": self.use}
        if self.failure:
            changes |= {"outcome": MeasurementOutcome.FAILED, "reason": self.failure}
        elif self.skip_reason:
            outcome = MeasurementOutcome.NOT_OFFERED if self.is_not_offered else MeasurementOutcome.NOT_MEASURED
            changes |= {"outcome": outcome, "reason": self.skip_reason}
        return msgspec.structs.replace(measurement, **changes)

    def _unmeasured(self) -> Measurement:
        """Stand in for a benchmark that ended before its stopwatch was asked for anything."""
        path, _, name = self.nodeid.partition("::")
        return Measurement(
            id=benchmark_id(name),
            nodeid=self.nodeid,
            title=self.label,
            group=group_of(path),
            page="",
            outcome=MeasurementOutcome.FAILED,
            reason="the benchmark measured nothing",
        )


def benchmark_id(test_name: str) -> str:
    """Return the stable id of a benchmark: its function's name without `bench_`, in kebab case."""
    return test_name.removeprefix("bench_").replace("_", "-").replace("[", "-").rstrip("]")


def group_of(path: str) -> str:
    """Return the group of a benchmark: the noun its file is named after."""
    return PurePath(path).stem.removeprefix("bench_")
