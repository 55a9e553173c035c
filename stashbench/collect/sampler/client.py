"""`Sampler`: starts the sampler process, marks spans, and hands back timeline, use per span, and its own cost."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from stashbench.collect.exporter.choice import ExporterChoice
from stashbench.collect.sampler.channel import Channel, SamplerGoneError
from stashbench.collect.sampler.columns import SAMPLES_NAME
from stashbench.collect.sampler.timeline import Event, cost_of, read_recording, timeline_of
from stashbench.errors import UsageError
from stashbench.model.sample import ResourceUse, SamplerCost, Timeline

_START_SECONDS = 10.0
_ANSWER_SECONDS = 1.0
_SHORTEST_INTERVAL_SECONDS = 0.005
_NO_PROCESS = "the server's process: its pid is not known, or it runs on another machine"
_NO_HOST = "the host: the server runs on another machine, whose load cannot be seen from here"
_EXPORTER_INTERVAL_SECONDS = 1.0


class Sampler:
    """Samples a server's process tree and the machine from a process of its own.

    `pid` None leaves the process part unmeasured; `is_local` False leaves the host part out too, because this machine
    is then not the server's, unless an `exporter` on the server's machine gives it. A sampler that dies never raises
    into a test: what it could not measure is None, with the reason in `not_measured`. Samples are on disk the moment
    they are taken, in `spool_directory` if given (kept there under `SAMPLES_NAME`), else in a temporary folder that is
    removed.
    """

    def __init__(
        self,
        pid: int | None,
        *,
        interval_seconds: float = 0.1,
        database_directory: Path | None = None,
        is_local: bool = True,
        spool_directory: Path | None = None,
        is_portable: bool = False,
        exporter: ExporterChoice | None = None,
    ) -> None:
        if interval_seconds < _SHORTEST_INTERVAL_SECONDS:
            message = f"A sampling interval of {interval_seconds:g} s is too short; use 0.005 s or more."
            raise UsageError(message)
        self.clock_origin = 0.0
        self.events: tuple[Event, ...] = ()
        self.warnings: tuple[str, ...] = ()
        self._pid = pid if is_local else None
        # A node_exporter is asked once a second at most, and rows in between would all be alike.
        is_distant = exporter is not None and self._pid is None
        self._interval = max(interval_seconds, _EXPORTER_INTERVAL_SECONDS) if is_distant else interval_seconds
        self._exporter = exporter
        self._directory = database_directory
        self._is_local = is_local
        self._spool = spool_directory
        self._is_portable = is_portable
        self._temporary: Path | None = None
        self._file = Path()
        self._channel: Channel | None = None
        self._problem = "the sampler was not started"
        self._source = ""
        self._spans: dict[str, tuple[int, float]] = {}
        self._keys = itertools.count(1)

    def start(self) -> None:
        """Start the process and wait until it samples. A failure is kept as the reason, not raised."""
        if self._spool is None:
            self._temporary = Path(tempfile.mkdtemp(prefix="stashbench-samples-"))
        self._file = (self._spool or self._temporary or Path()) / SAMPLES_NAME
        self.clock_origin = time.monotonic()
        options: dict[str, object] = {
            "pid": self._pid,
            "interval_seconds": self._interval,
            "origin": self.clock_origin,
            "directory": str(self._directory) if self._directory else None,
            "samples": str(self._file),
            "has_host": self._is_local,
            "is_portable": self._is_portable,
            "exporter": self._exporter._asdict() if self._exporter else None,
        }
        try:
            self._channel = Channel(options)
            answer = self._channel.await_start(_START_SECONDS)
        except (OSError, SamplerGoneError) as error:
            self._lose(f"the sampler process could not be started: {error}")
            return
        self._problem = ""
        self._source = str(answer["source"])
        self.warnings = tuple(answer["reasons"])

    def begin(self, span_id: str) -> None:
        """Begin a span, and set the kernel's peak marks back. Spans may overlap."""
        if span_id in self._spans:  # a repeated test: the sampler must not go on watching the span given up
            self.end(span_id)
        key = next(self._keys)
        self._spans[span_id] = (key, time.monotonic())
        self._ask("begin", key)

    def end(self, span_id: str) -> ResourceUse:
        """End a span and return what was used in it."""
        now = time.monotonic()
        key, begun_at = self._spans.pop(span_id, (0, now))
        answer = self._ask("end", key)
        reasons = [*answer.get("reasons", []), *self._missing()]  # type: ignore[misc]
        if "values" not in answer:
            return ResourceUse(
                span_id=span_id, duration_seconds=now - begun_at, not_measured=tuple(dict.fromkeys(reasons))
            )
        values = {"span_id": span_id, "not_measured": tuple(dict.fromkeys(reasons)), **answer["values"]}  # type: ignore[dict-item]
        return msgspec.convert(values, ResourceUse)

    def follow(self, pid: int) -> None:
        """Go on with another process: the server was restarted. Its use since its own start counts."""
        self._ask("follow", pid)

    def stop(self) -> tuple[Timeline, SamplerCost]:
        """Stop sampling and return everything sampled, also if the process died on the way."""
        duration = time.monotonic() - self.clock_origin
        answer = self._ask("stop", None)
        if answer.get("write_problem"):
            self.warnings += (str(answer["write_problem"]),)
        if self._channel is not None:
            self._channel.close(_ANSWER_SECONDS)
            self._channel = None
        try:
            recording = read_recording(self._file)
        except OSError as error:
            if not self._problem:
                self.warnings += (f"the resource samples could not be read back ({error.strerror})",)
            return Timeline(interval_seconds=self._interval), SamplerCost(
                cpu_seconds=None,
                peak_rss_bytes=None,
                tick_count=0,
                missed_tick_count=0,
                lateness_p99_seconds=None,
                duration_seconds=duration,
            )
        finally:
            if self._temporary is not None:
                shutil.rmtree(self._temporary, ignore_errors=True)
        self.events = recording.events
        self.warnings += tuple(f"{event.event} {event.at_seconds:.1f} s into the run" for event in recording.events)
        timeline = timeline_of(
            recording, has_process=self._pid is not None, source=self._source, interval_seconds=self._interval
        )
        return timeline, cost_of(recording, duration)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._channel is not None:
            self.stop()

    def _missing(self) -> list[str]:
        missing = [] if self._pid is not None else [_NO_PROCESS]
        if not self._is_local and self._exporter is None:
            missing.append(_NO_HOST)
        if self._problem:
            missing.append(self._problem)
        return missing

    def _ask(self, verb: str, argument: object) -> dict[str, object]:
        if self._channel is None or self._problem:
            return {}
        try:
            return self._channel.ask(verb, argument, _ANSWER_SECONDS)
        except SamplerGoneError as error:
            self._lose(str(error))
            return {}

    def _lose(self, problem: str) -> None:
        self._problem = problem
        self.warnings += (problem,)
