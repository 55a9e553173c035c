"""Which file on this machine is the server's database, and how sure that is; another server's is never taken."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from stashbench.collect.filesystem import describe_filesystem
from stashbench.errors import UsageError
from stashbench.stash.client import StashClient
from stashbench.stash.discovery import FoundDatabase, find_open_database
from stashbench.stash.probe import ServerFacts
from stashbench.target.database_match import explain_mismatch
from stashbench.target.newest_rows import ask_newest_rows

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings


def find_database(settings: TargetSettings, client: StashClient, facts: ServerFacts, pid: int | None) -> FoundDatabase:
    """Take the file the user names if it agrees with the server; else the server's own, if it is provably here.

    Raises:
        UsageError: the file the user names is not the server's.
    """
    found = _given(settings.database, client, facts, pid) if settings.database else _own(client, facts, pid)
    if found.path is None:
        return found
    if not os.access(found.path, os.R_OK):
        return FoundDatabase(None, f"{found.path} may not be read by this user; run as the server's user or root")
    return FoundDatabase(found.path, found.reason + describe_filesystem(found.path))


def explain_other(path: Path, client: StashClient, facts: ServerFacts) -> str:
    """Return why a file cannot be this server's database, or an empty text if all that can be compared agrees."""
    return explain_mismatch(path, facts.schema_version, facts.library, lambda: ask_newest_rows(client))


def _given(path: Path, client: StashClient, facts: ServerFacts, pid: int | None) -> FoundDatabase:
    mismatch = explain_other(path, client, facts)
    if mismatch:
        message = f"The file given by --stash-database is not this server's database: {mismatch}."
        raise UsageError(message)
    if facts.database_path is not None:
        own = find_open_database(facts.database_path, pid).path
        if own is not None and not own.samefile(path):
            message = (
                f"{path}, given by --stash-database, is not this server's database but looks like it: "
                f"process {pid} works on {own}; name that one, or leave the option out."
            )
            raise UsageError(message)
        if own is not None:
            return FoundDatabase(path, f"{path}, given by --stash-database, which process {pid} has open")
    reason = f"{path}, given by --stash-database; its schema, counts and newest entries are the server's"
    return FoundDatabase(path, reason)


def _own(client: StashClient, facts: ServerFacts, pid: int | None) -> FoundDatabase:
    if facts.database_path is None:
        return FoundDatabase(None, "the server does not tell where its database is; pass --stash-database")
    found = find_open_database(facts.database_path, pid)
    if found.path is not None:
        return found
    path = Path(facts.database_path)
    # Not Path.is_file, which raises where a directory on the way may not be entered.
    if path.is_absolute() and os.path.isfile(path) and facts.library.scene_count:  # noqa: PTH113
        mismatch = explain_other(path, client, facts)
        if not mismatch:
            return FoundDatabase(path, f"{path}, whose schema, counts and newest entries are the server's")
        found = FoundDatabase(None, f"{found.reason}; {mismatch}")
    return FoundDatabase(None, f"{found.reason}; pass --stash-database if this machine can read it")
