"""Sessions kept under a name: NAME/RUN.json.gz, and NAME.json of the older format."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from stashbench.errors import StoreError, UsageError
from stashbench.model.baseline import Baseline
from stashbench.store import rolling
from stashbench.store.session_file import SUFFIX, write_session

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
RESERVED = {"auto", "none", rolling.NAME, "selftest"}


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


def named(directory: Path) -> tuple[str, ...]:
    """Return the names under which sessions are kept, sorted; other JSON files in the directory are passed over."""
    folders = {path.parent.name for path in directory.glob(f"*/*{SUFFIX}")}
    files = {path.stem for path in directory.glob("*.json")}
    return tuple(sorted(name for name in folders | files if _NAME.fullmatch(name) and name not in RESERVED))


def list_baselines(directory: Path) -> tuple[Baseline, ...]:
    """Return the newest readable session of each name, oldest first."""
    sessions, _ = read_named(directory)
    newest = {session.name: session for session in sessions}
    return tuple(sorted(newest.values(), key=lambda item: item.created_at))


def read_named(directory: Path) -> tuple[tuple[Baseline, ...], list[str]]:
    """Read the sessions of all names, and say of each file that cannot be read why."""
    found: list[Baseline] = []
    problems: list[str] = []
    for name in named(directory):
        sessions, unread = rolling.read_all(_paths(directory, name))
        found += _renamed(sessions, name)
        problems += unread
    return tuple(found), problems


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


def _paths(directory: Path, name: str) -> list[Path]:
    old = directory / f"{name}.json"
    return [*([old] if old.is_file() else []), *sorted((directory / name).glob(f"*{SUFFIX}"))]


def _renamed(sessions: tuple[Baseline, ...], name: str) -> tuple[Baseline, ...]:
    """Call sessions what their folder is called: a user may have renamed or copied it."""
    return tuple(msgspec.structs.replace(item, name=name) if item.name != name else item for item in sessions)
