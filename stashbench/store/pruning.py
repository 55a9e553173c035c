"""Which stored sessions may go, by number and by age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from stashbench.errors import StoreError
from stashbench.store import baselines
from stashbench.store.session_file import read_session


@dataclass(frozen=True)
class Plan:
    """The files that may go, oldest first, of how many, and why others were left alone unread."""

    surplus: tuple[Path, ...]
    count: int
    problems: tuple[str, ...]


class _Dated(NamedTuple):
    created: datetime
    path: Path


def plan(directory: Path, name: str, *, keep: int | None, before: datetime | None) -> Plan:
    """Choose the sessions beyond the newest `keep` and older than `before`; None sets no such limit.

    Of the rolling baseline the newest of each machine and server are kept. Raises UsageError and StoreError as
    `baselines.load_sessions` does.
    """
    paths = baselines.paths_of(directory, name)
    folders: dict[Path, list[_Dated]] = {}
    problems = []
    for path in paths:
        try:
            created = read_session(path).created_at
            # the older format, NAME.json, is a session of the folder NAME
            folder = directory / name if path.parent == directory else path.parent
            folders.setdefault(folder, []).append(_Dated(_moment(created, path), path))
        except StoreError as error:
            problems.append(str(error))
    surplus = sorted(item for dated in folders.values() for item in _surplus(dated, keep, before))
    return Plan(tuple(item.path for item in surplus), len(paths), tuple(problems))


def remove(path: Path) -> None:
    """Remove a session's file, and its folder when that is empty. Raises StoreError when it cannot be removed."""
    try:
        path.unlink(missing_ok=True)
        if path.name.endswith(".json.gz") and not any(path.parent.iterdir()):
            path.parent.rmdir()
    except OSError as error:
        message = f"Cannot remove {path}: {error.strerror}; check who owns its folder."
        raise StoreError(message) from error


def _surplus(dated: Iterable[_Dated], keep: int | None, before: datetime | None) -> list[_Dated]:
    newest_first = sorted(dated, reverse=True)
    return [item for item in newest_first[keep or 0 :] if before is None or item.created < before]


def _moment(text: str, path: Path) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{path} does not say when it was saved; remove it by hand if it is of no use."
        raise StoreError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
