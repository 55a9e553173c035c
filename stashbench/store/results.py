"""`result.json`: the versioned document of one audit."""

from __future__ import annotations

from pathlib import Path

import msgspec

from stashbench.errors import StoreError
from stashbench.model.result import SCHEMA_VERSION, AuditResult
from stashbench.store.atomic import write_atomically

RESULT_NAME = "result.json"


class _Version(msgspec.Struct):
    schema_version: int


def write_result(directory: Path, result: AuditResult) -> Path:
    """Write `result.json` atomically and return its path. Raises StoreError when it cannot be written."""
    path = directory / RESULT_NAME
    write_atomically(path, encode_result(result))
    return path


def encode_result(result: AuditResult) -> bytes:
    """Encode a result as indented JSON, equal bytes for equal results."""
    return msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n"


def read_result(path: Path) -> AuditResult:
    """Read a result, given its file or its run's directory. Fields that later versions added get their defaults.

    Raises:
        StoreError: missing, not a result, or written by a newer version.
    """
    if path.is_dir():
        path /= RESULT_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"Cannot read the result {path}: {error.strerror}. Name a result.json or the directory that has one."
        raise StoreError(message) from error
    return decode_result(content, path)


def decode_result(content: bytes, path: Path) -> AuditResult:
    """Decode a result after a look at its version; `path` is for the message only."""
    check_version(content, path, SCHEMA_VERSION, "result")
    try:
        return msgspec.json.decode(content, type=AuditResult)
    except msgspec.DecodeError as error:
        message = f"{path} is not a whole stashbench result ({error}); run the audit again."
        raise StoreError(message) from error


def check_version(content: bytes, path: Path, newest: int, noun: str) -> None:
    """Refuse documents that are not ours or newer than this program. Raises StoreError."""
    try:
        version = msgspec.json.decode(content, type=_Version).schema_version
    except msgspec.DecodeError as error:
        message = f"{path} is not a stashbench {noun} ({error}); check the path."
        raise StoreError(message) from error
    if version > newest:
        message = (
            f"{path} was written by a newer stashbench ({noun} format {version}; this one reads up to {newest}); "
            "upgrade stashbench to read it."
        )
        raise StoreError(message)
    if version < 1:
        message = f"{path} has {noun} format {version}, which never existed; the file is damaged."
        raise StoreError(message)
