"""The journal: an audit's findings and measurements, kept line by line while it runs.

A run that is killed is rebuilt from it. Each line goes to the operating system at once, which is enough to outlive this
process; only a power cut can cost the last lines, and `sync` at the milestones bounds even that.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self, TypeAlias

import msgspec

from stashbench.errors import StoreError
from stashbench.model.environment import Environment
from stashbench.model.finding import Finding
from stashbench.model.measurement import Measurement, Visit
from stashbench.model.sample import ResourceUse, Span
from stashbench.model.server_log import LogSource, SlowStatement
from stashbench.model.target import Target
from stashbench.store.atomic import store_error

JOURNAL_NAME = "journal.jsonl"
JOURNAL_VERSION = 1


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag=str.lower):
    """Base of the lines; the field `record` says which kind a line is."""


class Header(Record, frozen=True, kw_only=True):
    """First line: which run this is, of what, on what."""

    schema_version: int = JOURNAL_VERSION
    run_id: str
    stashbench_version: str
    started_at: str
    target: Target
    environment: Environment
    settings: dict[str, str] = {}
    command: str = ""
    seed: int | None = None


class Measured(Record, frozen=True, kw_only=True):
    """A benchmark was measured."""

    measurement: Measurement


class Visited(Record, frozen=True, kw_only=True):
    """A benchmark that was measured before was timed again; these samples follow those it has."""

    nodeid: str
    visit: Visit
    rounds_seconds: tuple[float, ...]


class Found(Record, frozen=True, kw_only=True):
    """A check came to a finding."""

    finding: Finding


class Used(Record, frozen=True, kw_only=True):
    """What the server used during one span."""

    use: ResourceUse


class Spanned(Record, frozen=True, kw_only=True):
    """A span ended."""

    span: Span


class Note(Record, frozen=True, kw_only=True):
    """A warning or remark for the report, seconds since the run began."""

    text: str
    at_seconds: float | None = None


class Logged(Record, frozen=True, kw_only=True):
    """The server's log was searched for slow statements."""

    statements: tuple[SlowStatement, ...] = ()
    sources: tuple[LogSource, ...] = ()


class End(Record, frozen=True, kw_only=True):
    """Last line of a run that ended in an orderly way; a journal without it was cut off."""

    finished_at: str
    partial_reasons: tuple[str, ...] = ()


Line: TypeAlias = Header | Measured | Visited | Found | Used | Spanned | Note | Logged | End


class Journal:
    """Appends lines to a run's journal. Raises StoreError when a line cannot be written."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / JOURNAL_NAME
        self._encoder = msgspec.json.Encoder()
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            self._separate()
        except OSError as error:
            raise store_error(self.path, error) from error

    def append(self, line: Line) -> None:
        """Write one line; when this returns, killing the process does not lose it."""
        content = self._encoder.encode(line) + b"\n"
        try:
            while content:
                content = content[os.write(self._file, content) :]
        except OSError as error:
            raise store_error(self.path, error) from error

    def sync(self) -> None:
        """Force what was written to the disk itself; takes milliseconds, so not within anything timed."""
        try:
            os.fsync(self._file)
        except OSError as error:
            raise store_error(self.path, error) from error

    def close(self) -> None:
        """Close the file; safe to call twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _separate(self) -> None:
        # Going on with a journal whose last line was cut off: end that line, or the next one would be lost with it.
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")


class Recovered(NamedTuple):
    """A journal's lines by kind, in order; `is_complete` if the run ended in an orderly way."""

    header: Header
    measurements: tuple[Measurement, ...]
    findings: tuple[Finding, ...]
    resources: tuple[ResourceUse, ...]
    spans: tuple[Span, ...]
    notes: tuple[Note, ...]
    end: End | None
    damaged_line_count: int
    logged: Logged | None = None

    @property
    def is_complete(self) -> bool:
        """Say whether the run wrote its end."""
        return self.end is not None


def read_journal(path: Path) -> Recovered:
    """Read a journal, given its file or its run's directory; a torn line is counted and left out.

    A benchmark or check written twice (a repeated test) counts once, as of its last line.

    Raises:
        StoreError: it cannot be read, has no header, or is of a newer format.
    """
    if path.is_dir():
        path /= JOURNAL_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"Cannot read the journal {path}: {error.strerror}. Was this directory made by an audit?"
        raise StoreError(message) from error
    return _sort(*_decode(content), path)


def _decode(content: bytes) -> tuple[list[Line], int]:
    decoder = msgspec.json.Decoder(Line)
    lines: list[Line] = []
    damaged = 0
    for raw in content.split(b"\n"):
        if not raw.strip():
            continue
        try:
            lines.append(decoder.decode(raw))
        except msgspec.DecodeError:
            damaged += 1
    return lines, damaged


def _sort(lines: list[Line], damaged: int, path: Path) -> Recovered:
    header = next((line for line in lines if isinstance(line, Header)), None)
    if header is None:
        message = f"The journal {path} has no readable header, so the run cannot be rebuilt; run the audit again."
        raise StoreError(message)
    if header.schema_version > JOURNAL_VERSION:
        message = f"The journal {path} was written by a newer stashbench; upgrade stashbench to read it."
        raise StoreError(message)
    measurements = _measurements(lines)
    findings = {line.finding.id: line.finding for line in lines if isinstance(line, Found)}
    resources = {line.use.span_id: line.use for line in lines if isinstance(line, Used)}
    spans = {line.span.id: line.span for line in lines if isinstance(line, Spanned)}
    return Recovered(
        header=header,
        measurements=tuple(measurements.values()),
        findings=tuple(findings.values()),
        resources=tuple(resources.values()),
        spans=tuple(spans.values()),
        notes=tuple(line for line in lines if isinstance(line, Note)),
        end=next((line for line in reversed(lines) if isinstance(line, End)), None),
        damaged_line_count=damaged,
        logged=next((line for line in reversed(lines) if isinstance(line, Logged)), None),
    )


def _measurements(lines: list[Line]) -> dict[str, Measurement]:
    """Return the measurements by id, each with the samples of the visits that came after its last line."""
    found: dict[str, Measurement] = {}
    ids: dict[str, str] = {}
    for line in lines:
        if isinstance(line, Measured):
            found[line.measurement.id] = line.measurement
            ids[line.measurement.nodeid] = line.measurement.id
        elif isinstance(line, Visited) and line.nodeid in ids:
            item = found[ids[line.nodeid]]
            found[item.id] = msgspec.structs.replace(
                item,
                rounds_seconds=(*item.rounds_seconds, *line.rounds_seconds),
                visits=(*item.visits, line.visit),
            )
    return found
