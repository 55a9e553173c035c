"""Attaches to a server that somebody runs: it is asked and watched, never changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stashbench.errors import UsageError
from stashbench.model.target import Reach, Target, TargetKind
from stashbench.stash.client import StashClient
from stashbench.stash.discovery import (
    FoundDatabase,
    FoundProcess,
    explain_stranger,
    find_open_database,
    find_process,
)
from stashbench.stash.login import Login, login_of
from stashbench.stash.probe import ServerFacts, examine_server
from stashbench.target import reaches
from stashbench.target.database_match import explain_mismatch
from stashbench.target.opened import OpenTarget

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings

EMPTY_LIBRARY = "the library holds no scenes, so the times of its pages say little about a library in use"


@contextmanager
def open_attached(settings: TargetSettings) -> Iterator[OpenTarget]:
    """Attach to `settings.url`; errors as for `open_target`."""
    assert settings.url is not None
    if settings.faults:
        message = "Faults can only be planted into the embedded server: leave out --fault or --stash-url."
        raise UsageError(message)
    with make_client(settings, settings.url) as client:
        facts = examine_server(client, limit_seconds=min(settings.timeout_seconds, 10.0))
        process = _find_process(settings, client, facts)
        database = _find_database(settings, facts, process.pid)
        writes = reaches.writes_reach(is_allowed=settings.allow_writes, is_private=False)
        target = describe(TargetKind.ATTACHED, client, facts, process, database, writes)
        if settings.pid is not None:
            target.warnings += _strangeness(settings.pid, client)
        yield target


def make_client(settings: TargetSettings, url: str) -> StashClient:
    """Make the client the settings ask for; UsageError where a user name lacks its password or the reverse."""
    return StashClient(
        url,
        settings.api_key,
        settings.timeout_seconds,
        ca_file=settings.ca_file,
        is_insecure=settings.insecure,
        login=login_in(settings),
    )


def login_in(settings: TargetSettings) -> Login | None:
    """Return whom to log in as; UsageError where half of it is missing."""
    if settings.api_key and not (settings.username and settings.password):
        return None  # the key wins anyway, and the half may be meant for something else
    return login_of(settings.username, settings.password)


def describe(
    kind: TargetKind,
    client: StashClient,
    facts: ServerFacts,
    process: FoundProcess,
    database: FoundDatabase,
    writes: Reach,
) -> OpenTarget:
    """Put together what is known of a server, and try what can only be tried."""
    target = OpenTarget(
        info=Target(
            kind=kind,
            url=client.url,
            server_version=facts.version,
            server_build=facts.build,
            schema_version=facts.schema_version,
            app_schema_version=facts.app_schema_version,
            pid=process.pid,
            database_path=str(database.path) if database.path else facts.database_path,
            database_bytes=database.path.stat().st_size if database.path else None,
            library=facts.library,
        ),
        client=client,
        pid=process.pid,
        database_path=database.path,
        warnings=(
            *((EMPTY_LIBRARY,) if facts.library.scene_count == 0 else ()),
            *reaches.unchecked_certificate(client),
        ),
    )
    found = (
        reaches.api_reach(client, facts),
        reaches.process_reach(process.pid, process.reason),
        reaches.host_reach(client.address, process.pid),
        reaches.database_reach(database.path, database.reason),
        reaches.sql_log_reach(target.capabilities),
        reaches.jobs_reach(target.capabilities),
        reaches.media_reach(client),
        writes,
    )
    target.info = msgspec.structs.replace(target.info, reaches=found)
    return target


def _find_process(settings: TargetSettings, client: StashClient, facts: ServerFacts) -> FoundProcess:
    if settings.pid is None:
        return find_process(client.address, facts.database_path)
    try:
        os.kill(settings.pid, 0)
    except (ProcessLookupError, OverflowError) as error:
        message = f"There is no process {settings.pid} on this machine: correct --stash-pid, or leave it out."
        raise UsageError(message) from error
    except PermissionError:
        pass  # it is there and another user's
    return FoundProcess(settings.pid, f"process {settings.pid} was given by --stash-pid")


def _strangeness(pid: int, client: StashClient) -> tuple[str, ...]:
    stranger = explain_stranger(pid, client.address)
    if not stranger:
        return ()
    return (f"--stash-pid: {stranger}; unless that is a proxy before the server, another program was watched",)


def _find_database(settings: TargetSettings, facts: ServerFacts, pid: int | None) -> FoundDatabase:
    """Take the file the user names if it agrees with the server; else the server's own, if it is provably here."""
    if settings.database is not None:
        mismatch = explain_mismatch(settings.database, facts.schema_version, facts.library)
        if mismatch:
            message = f"The file given by --stash-database is not this server's database: {mismatch}."
            raise UsageError(message)
        if facts.database_path is not None:
            own = find_open_database(facts.database_path, pid).path
            if own is not None and not own.samefile(settings.database):
                message = (
                    f"{settings.database}, given by --stash-database, is not this server's database but looks like it: "
                    f"process {pid} works on {own}; name that one, or leave the option out."
                )
                raise UsageError(message)
        return FoundDatabase(
            settings.database, f"{settings.database}, given by --stash-database; its schema and counts are the server's"
        )
    if facts.database_path is None:
        return FoundDatabase(None, "the server does not tell where its database is; pass --stash-database")
    found = find_open_database(facts.database_path, pid)
    path = Path(facts.database_path)
    # Not Path.is_file, which raises where a directory on the way may not be entered.
    if found.path is None and os.path.isfile(path) and facts.library.scene_count:  # noqa: PTH113
        mismatch = explain_mismatch(path, facts.schema_version, facts.library)
        if not mismatch:
            return FoundDatabase(path, f"{path}, whose schema and counts are the server's")
        found = FoundDatabase(None, f"{found.reason}; {mismatch}")
    if found.path is None:
        return FoundDatabase(None, f"{found.reason}; pass --stash-database if this machine can read it")
    if not os.access(found.path, os.R_OK):
        return FoundDatabase(None, f"{found.path} may not be read by this user; run as the server's user")
    return found
