"""Walks media folders for a scan."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class FoundFile:
    """A file a scan came upon. `modified_at` is RFC 3339 in UTC to the second, as the database has it."""

    path: Path
    size_bytes: int
    modified_at: str


def rfc3339(seconds: float) -> str:
    """Write seconds since 1970 as the database does, e.g. 2026-11-23T10:11:19Z."""
    return datetime.fromtimestamp(int(seconds), tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def walk_files(
    roots: Sequence[Path], extensions: frozenset[str], on_missing: Callable[[Path], None]
) -> Iterator[FoundFile]:
    """Yield the files with one of the extensions (lower case, no dot), folder by folder, in the order of their names.

    A root that does not exist is told to `on_missing`; what vanishes or may not be read meanwhile is passed over.
    """
    for root in roots:
        if not root.exists():
            on_missing(root)
            continue
        if root.is_file():
            yield from _found(root, extensions)
            continue
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                yield from _found(Path(folder, name), extensions)


def _found(path: Path, extensions: frozenset[str]) -> Iterator[FoundFile]:
    if path.suffix[1:].lower() not in extensions:
        return
    try:
        status = path.stat()
    except OSError:
        return  # gone between listing and looking
    yield FoundFile(path, status.st_size, rfc3339(status.st_mtime))
