"""Which stored sessions fit a run: those of the same machine and server, or in words why none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from stashbench.errors import StoreError
from stashbench.model.baseline import Baseline
from stashbench.model.environment import Environment
from stashbench.model.target import Target
from stashbench.store import rolling
from stashbench.store.identity import machine_differences, server_differences
from stashbench.store.named import load_sessions, paths_of, read_named


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


def unlike(directory: Path, session: Baseline) -> tuple[str, ...]:
    """Say what the newest other session of the same name has unlike this one; nothing where there is none."""
    try:
        others, _ = rolling.read_all(paths_of(directory, session.name))
    except StoreError:  # it would be the first of that name
        return ()
    return tuple(_judge(others[-1:], session.environment, session.target)[0].differences) if others else ()


def _automatic(directory: Path, environment: Environment, target: Target) -> FoundSessions:
    """Choose among all that is stored, where the rolling baseline of this very server is empty."""
    sessions, problems = read_named(directory)
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


def _judge(sessions: Iterable[Baseline], environment: Environment, target: Target) -> list[_Judged]:
    """Hold each session's machine and server against this run's, oldest first."""
    return [
        _Judged(
            session,
            [*session.doubts, *machine_differences(session.environment, environment)],
            server_differences(session.target, target),
        )
        for session in sorted(sessions, key=lambda item: (item.created_at, item.run_id))
    ]


def _saved(sessions: tuple[Baseline, ...]) -> str:
    newest = sessions[-1].created_at
    return f"saved {newest}" if len(sessions) == 1 else f"{len(sessions)} sessions, the last saved {newest}"


def _counted(count: int) -> str:
    return "session" if count == 1 else f"{count} sessions"
