"""Baselines: sessions kept under a name, one folder each, fit to be committed; and which of them fit a run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import msgspec

from stashbench.errors import StoreError, UsageError
from stashbench.model.baseline import Baseline
from stashbench.model.environment import Environment
from stashbench.model.target import Target
from stashbench.store import rolling
from stashbench.store.identity import machine_differences, server_differences
from stashbench.store.rolling import feed, session_of
from stashbench.store.session_file import BASELINE_VERSION, SUFFIX, write_session

__all__ = [
    "BASELINE_VERSION",
    "FoundSessions",
    "check_name",
    "feed",
    "find_sessions",
    "list_baselines",
    "load",
    "load_sessions",
    "named",
    "paths_of",
    "save",
    "session_of",
    "unlike",
]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
RESERVED = {"auto", "none", rolling.NAME, "selftest"}


class FoundSessions(NamedTuple):
    """The sessions a run is held against, newest last, all under one name; none where nothing fits.

    `reason` says why these or why none, `differences` what is unlike this run. Without `is_same_machine` only what does
    not depend on the machine may be judged (statements, rows, bytes), never times.
    """

    sessions: tuple[Baseline, ...]
    name: str
    reason: str
    differences: tuple[str, ...] = ()
    is_same_machine: bool = False


class _Judged(NamedTuple):
    session: Baseline
    machine: list[str]
    server: list[str]

    @property
    def differences(self) -> list[str]:
        return [*self.machine, *self.server]


def save(directory: Path, session: Baseline, *, is_added: bool = False) -> Path:
    """Keep a session under its name, in place of what was there or beside it; return the file's path.

    Raises:
        UsageError: the name or the run's id is no plain file name, or the name has a meaning of its own.
        StoreError: it cannot be written; what was there before is untouched.
    """
    name = check_name(session.name)
    folder = directory / name
    path = write_session(folder / f"{_plain(session.run_id, 'run id')}{SUFFIX}", session)
    if not is_added:
        (directory / f"{name}.json").unlink(missing_ok=True)
        for other in folder.glob(f"*{SUFFIX}"):
            if other != path:
                other.unlink(missing_ok=True)
    return path


def load(directory: Path, name: str) -> Baseline:
    """Read the newest session of that name; errors as for `load_sessions`."""
    return load_sessions(directory, name)[0][-1]


def load_sessions(directory: Path, name: str) -> tuple[tuple[Baseline, ...], list[str]]:
    """Read the sessions of that name, oldest first, and say of each file that cannot be read why.

    Raises:
        UsageError: the name is no plain file name.
        StoreError: there is none, or none that can be read.
    """
    found, problems = rolling.read_all(paths_of(directory, name))
    if not found:
        raise StoreError(problems[0])
    return _renamed(found, name), problems


def paths_of(directory: Path, name: str) -> list[Path]:
    """Return the files of a name, of which there is at least one; errors as for `load_sessions`."""
    _plain(name, "baseline's name")
    paths = rolling.session_paths(directory) if name == rolling.NAME else _paths(directory, name)
    if not paths:
        known = ", ".join(named(directory)) or "none"
        message = f"There is no baseline {name!r} in {directory} (there: {known})."
        raise StoreError(message)
    return paths


def unlike(directory: Path, session: Baseline) -> tuple[str, ...]:
    """Say what the newest other session of the same name has unlike this one; nothing where there is none."""
    others, _ = rolling.read_all(_paths(directory, session.name))
    return tuple(_judge(others[-1:], session.environment, session.target)[0].differences) if others else ()


def named(directory: Path) -> tuple[str, ...]:
    """Return the names under which sessions are kept, sorted; other JSON files in the directory are passed over."""
    folders = {path.parent.name for path in directory.glob(f"*/*{SUFFIX}")}
    files = {path.stem for path in directory.glob("*.json")}
    return tuple(sorted(name for name in folders | files if _NAME.fullmatch(name) and name not in RESERVED))


def list_baselines(directory: Path) -> tuple[Baseline, ...]:
    """Return the newest readable session of each name, oldest first."""
    sessions, _ = _read_named(directory)
    newest = {session.name: session for session in sessions}
    return tuple(sorted(newest.values(), key=lambda item: item.created_at))


def find_sessions(directory: Path, name: str, environment: Environment, target: Target) -> FoundSessions:
    """Find what a run is held against: `auto` the rolling baseline or the newest named one that matches, else a name.

    A named one is returned in any case, with what is unlike: to hold unlike things against each other may be the very
    question. `auto` takes sessions of the same server on another machine where there are no others: their counters
    can be compared. `none` finds nothing.

    Raises:
        UsageError: the name is no plain file name.
        StoreError: there is no baseline of that name, or none of its files can be read.
    """
    if name == "none":
        return FoundSessions((), "", "no comparison was asked for")
    if name != "auto":
        sessions, problems = load_sessions(directory, name)
        return _named(name, _judge(sessions, environment, target), problems)
    if found := _matching(rolling.sessions_of(directory, environment, target), environment, target):
        reason = f"the rolling baseline: the last {_counted(len(found))} of this machine and server that were accepted"
        return FoundSessions(found, rolling.NAME, reason, (), is_same_machine=True)
    return _automatic(directory, environment, target)


def check_name(name: str) -> str:
    """Return a name that a user may give. Raises UsageError for one that is no plain file name, or has a meaning."""
    _plain(name, "baseline's name")
    if name.lower() in RESERVED:
        message = f"{name!r} cannot be a baseline's name, as it has a meaning of its own; choose another one."
        raise UsageError(message)
    return name


def _plain(name: str, noun: str) -> str:
    if not _NAME.fullmatch(name):
        message = (
            f"{name!r} cannot be a {noun}; use letters, digits, dots, dashes and underscores (at most 100), "
            "beginning with a letter or digit."
        )
        raise UsageError(message)
    return name


def _automatic(directory: Path, environment: Environment, target: Target) -> FoundSessions:
    """Choose among all that is stored, where the rolling baseline of this very server is empty."""
    sessions, problems = _read_named(directory)
    kept, unread = rolling.read_all(rolling.session_paths(directory))
    problems += unread
    judged = _judge((*kept, *sessions), environment, target)
    if not judged:
        unreadable = f" ({len(problems)} files there cannot be read: {problems[0]})" if problems else ""
        return FoundSessions((), "", f"there are no baselines in {directory}{unreadable}")
    if matching := [item for item in judged if not item.differences]:
        name = matching[-1].session.name
        chosen = rolling.since_promoted([item.session for item in matching if item.session.name == name])
        count = len({item.session.name for item in matching})
        reason = f"{name}, the newest of {count} that match this machine and server, {_saved(chosen)}"
        return FoundSessions(chosen, name, reason, (), is_same_machine=True)
    if elsewhere := [item for item in judged if not item.server]:
        newest = elsewhere[-1]
        chosen = rolling.since_promoted(
            [
                item.session
                for item in elsewhere
                if (item.session.name, item.machine) == (newest.session.name, newest.machine)
            ]
        )
        reason = f"{newest.session.name}, of this server but {newest.machine[0]}: times are not judged"
        return FoundSessions(chosen, newest.session.name, reason, tuple(newest.machine), is_same_machine=False)
    nearest = min(reversed(judged), key=lambda item: len(item.differences))
    names = {item.session.name for item in judged}
    reason = (
        f"none of {len(names)} baselines matches; the nearest, {nearest.session.name}, has "
        f"{'; '.join(nearest.differences)} (to compare all the same: --baseline {nearest.session.name})"
    )
    return FoundSessions((), "", reason, tuple(nearest.differences), is_same_machine=not nearest.machine)


def _named(name: str, judged: list[_Judged], problems: list[str]) -> FoundSessions:
    """Take the sessions of a name that match; where none does, those that are unlike in the way the newest is."""
    chosen = [item for item in judged if not item.differences]
    if not chosen:
        nearest = min(reversed(judged), key=lambda item: (len(item.machine), len(item.differences)))
        chosen = [item for item in judged if item.differences == nearest.differences]
    differences = chosen[-1].differences
    reason = "chosen by name" + (f"; mind that it has {'; '.join(differences)}" if differences else "")
    if len(chosen) < len(judged):
        reason += f"; {len(judged) - len(chosen)} of its {len(judged)} sessions are less alike and left out"
    if problems:
        reason += f"; {len(problems)} of its files cannot be read: {problems[0]}"
    sessions = rolling.since_promoted([item.session for item in chosen])
    return FoundSessions(sessions, name, reason, tuple(differences), is_same_machine=not chosen[-1].machine)


def _matching(sessions: tuple[Baseline, ...], environment: Environment, target: Target) -> tuple[Baseline, ...]:
    alike = [item.session for item in _judge(sessions, environment, target) if not item.differences]
    return rolling.since_promoted(alike)


def _judge(sessions: tuple[Baseline, ...], environment: Environment, target: Target) -> list[_Judged]:
    """Hold each session's machine and server against this run's, oldest first."""
    return [
        _Judged(
            session,
            [*session.doubts, *machine_differences(session.environment, environment)],
            server_differences(session.target, target),
        )
        for session in sorted(sessions, key=lambda item: (item.created_at, item.run_id))
    ]


def _read_named(directory: Path) -> tuple[tuple[Baseline, ...], list[str]]:
    found: list[Baseline] = []
    problems: list[str] = []
    for name in named(directory):
        sessions, unread = rolling.read_all(_paths(directory, name))
        found += _renamed(sessions, name)
        problems += unread
    return tuple(found), problems


def _renamed(sessions: tuple[Baseline, ...], name: str) -> tuple[Baseline, ...]:
    """Call sessions what their folder is called: a user may have renamed or copied it."""
    return tuple(msgspec.structs.replace(item, name=name) if item.name != name else item for item in sessions)


def _paths(directory: Path, name: str) -> list[Path]:
    old = directory / f"{name}.json"
    return [*([old] if old.is_file() else []), *sorted((directory / name).glob(f"*{SUFFIX}"))]


def _saved(sessions: tuple[Baseline, ...]) -> str:
    newest = sessions[-1].created_at
    return f"saved {newest}" if len(sessions) == 1 else f"{len(sessions)} sessions, the last saved {newest}"


def _counted(count: int) -> str:
    return "session" if count == 1 else f"{count} sessions"
