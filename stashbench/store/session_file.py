"""One stored session as a file: compressed JSON with a check sum, without what no comparison needs.

Times are whole nanoseconds and the text of a statement is cut: a default audit takes some ten kilobytes.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path
from typing import Annotated

import msgspec

from stashbench.errors import StoreError
from stashbench.model.baseline import Baseline
from stashbench.model.measurement import Measurement
from stashbench.model.statement import Statement, StatementTrace
from stashbench.model.target import Target
from stashbench.store.atomic import write_atomically
from stashbench.store.identity import fingerprint_doubt
from stashbench.store.results import check_version

BASELINE_VERSION = 2
SUFFIX = ".json.gz"
# Files may come from strangers: a CI artefact is one. A thousand benchmarks of a second each stay far below.
_LARGEST_FILE_BYTES = 32 << 20
_LARGEST_CONTENT_BYTES = 256 << 20
_STATEMENT_CHARACTERS = 200
_VALUES = "(…)"
_NANO = 1e9
ALTERED = "it was changed after it was saved (its check sum does not match)"

_Nanoseconds = Annotated[int, msgspec.Meta(gt=0)]


class _File(msgspec.Struct):
    schema_version: int
    digest: str
    session: msgspec.Raw


class _Probe(msgspec.Struct):
    session: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Session(msgspec.Struct):
    """A baseline whose rounds are kept apart: one list of nanoseconds for each measurement."""

    baseline: Baseline
    samples_ns: list[list[_Nanoseconds]]


def write_session(path: Path, session: Baseline) -> Path:
    """Write one session atomically; equal bytes for equal sessions. Raises StoreError when it cannot be written."""
    write_atomically(path, encode_session(session))
    return path


def encode_session(session: Baseline) -> bytes:
    """Compress what a comparison needs of a session."""
    samples = [[max(1, round(value * _NANO)) for value in item.rounds_seconds] for item in session.measurements]
    content = msgspec.json.encode(_Session(_slim(session), samples))
    digest = hashlib.sha256(content).hexdigest()
    return gzip.compress(msgspec.json.encode(_File(BASELINE_VERSION, digest, msgspec.Raw(content))), mtime=0)


def read_session(path: Path) -> Baseline:
    """Read one session, also a file of the older format; its `doubts` say whether it can be what was saved.

    Raises:
        StoreError: missing, damaged, not a session, or of a newer format.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_FILE_BYTES + 1)
    except OSError as error:
        message = f"Cannot read the baseline {path}: {error.strerror}."
        raise StoreError(message) from error
    if len(content) > _LARGEST_FILE_BYTES:
        message = f"{path} is larger than any baseline ({_LARGEST_FILE_BYTES >> 20} MiB at most); check the path."
        raise StoreError(message)
    if path.name.endswith(SUFFIX):
        content = _decompressed(content, path)
    check_version(content, path, BASELINE_VERSION, "baseline")
    try:
        session = _decoded(content)
    except (msgspec.DecodeError, ValueError) as error:
        message = f"{path} is not a whole baseline ({error}); save it again."
        raise StoreError(message) from error
    doubt = fingerprint_doubt(session.environment)
    return msgspec.structs.replace(session, doubts=(*session.doubts, doubt)) if doubt else session


def _decoded(content: bytes) -> Baseline:
    if msgspec.json.decode(content, type=_Probe).session is msgspec.UNSET:  # the first format: the struct itself
        old = msgspec.json.decode(content, type=Baseline)
        return msgspec.structs.replace(old, doubts=())
    file = msgspec.json.decode(content, type=_File)
    stored = msgspec.json.decode(file.session, type=_Session)
    is_intact = hashlib.sha256(bytes(file.session)).hexdigest() == file.digest
    measurements = tuple(
        msgspec.structs.replace(item, rounds_seconds=tuple(value / _NANO for value in samples))
        for item, samples in zip(stored.baseline.measurements, stored.samples_ns, strict=True)
    )
    return msgspec.structs.replace(stored.baseline, measurements=measurements, doubts=() if is_intact else (ALTERED,))


def _decompressed(content: bytes, path: Path) -> bytes:
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = stream.decompress(content, _LARGEST_CONTENT_BYTES)
    except zlib.error as error:
        message = f"{path} is not a stashbench baseline ({error}); check the path."
        raise StoreError(message) from error
    if not stream.eof:
        message = f"{path} is not a whole baseline (it is cut off, or too large); save it again."
        raise StoreError(message)
    return found


def _slim(session: Baseline) -> Baseline:
    """Leave out what no comparison reads."""
    return msgspec.structs.replace(
        session,
        schema_version=BASELINE_VERSION,
        target=_slim_target(session.target),
        measurements=tuple(map(_slim_measurement, session.measurements)),
        doubts=(),
    )


def _slim_target(target: Target) -> Target:
    return msgspec.structs.replace(target, reaches=(), pid=None)


def _slim_measurement(item: Measurement) -> Measurement:
    return msgspec.structs.replace(
        item,
        rounds_seconds=(),
        visits=tuple(
            msgspec.structs.replace(visit, began_seconds=round(visit.began_seconds, 3)) for visit in item.visits
        ),
        looks=(),  # taken only of what seemed slower: such samples would bend later comparisons
        work=None,
        proof="",
        trace=_slim_trace(item.trace) if item.trace else None,
    )


def _slim_trace(trace: StatementTrace) -> StatementTrace:
    return msgspec.structs.replace(trace, statements=tuple(map(_slim_statement, trace.statements)))


def _slim_statement(statement: Statement) -> Statement:
    """Cut the text; whether it holds a list of values must still be seen (`analyse/statement_counts.py`)."""
    text = statement.sql_shape
    if len(text) > _STATEMENT_CHARACTERS:
        cut = text[:_STATEMENT_CHARACTERS]
        text = cut + (f" … {_VALUES}" if _VALUES in text and _VALUES not in cut else " …")
    return msgspec.structs.replace(statement, sql_shape=text, logged_seconds=None, slowest_seconds=None)
