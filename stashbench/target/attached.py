"""Attaches to a server that somebody runs: it is asked and watched, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from stashbench.collect.process_variable import process_variable
from stashbench.errors import RequestError, UsageError
from stashbench.model.target import Reach, Target, TargetKind
from stashbench.stash.client import StashClient
from stashbench.stash.discovery import FoundDatabase, FoundProcess
from stashbench.stash.login import Login, login_of
from stashbench.stash.probe import ServerFacts, examine_server
from stashbench.stash.speed_settings import CACHE_SIZE_VARIABLE, speed_settings
from stashbench.target import reaches
from stashbench.target.opened import OpenTarget
from stashbench.target.server_database import find_database
from stashbench.target.server_machine import ServerMachine, find_machine
from stashbench.target.server_process import find_listening_process, find_server_process, strangeness

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
        process = find_server_process(settings, client, facts)
        database = find_database(settings, client, facts, process.pid)
        machine = find_machine(settings, client.address, process, facts.database_path)
        writes = reaches.writes_reach(is_allowed=settings.allow_writes, is_private=False)
        target = describe(TargetKind.ATTACHED, client, facts, process, database, writes, machine)
        if settings.pid is not None:
            target.warnings += strangeness(settings.pid, client, facts)
        target.find_process = lambda: find_listening_process(client, facts)
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
    machine: ServerMachine | None = None,
) -> OpenTarget:
    """Put together what is known of a server, and try what can only be tried; without `machine` it runs here."""
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
            *(machine.warnings if machine else ()),
        ),
        is_here=machine is None or machine.is_here,
        exporter=machine.exporter if machine else None,
    )
    found = (
        reaches.api_reach(client, facts),
        reaches.process_reach(process.pid, process.reason),
        machine.reach if machine else reaches.host_reach(),
        reaches.database_reach(database.path, database.reason),
        reaches.sql_log_reach(target.capabilities),
        reaches.jobs_reach(target.capabilities),
        reaches.media_reach(client),
        writes,
    )
    target.info = msgspec.structs.replace(target.info, reaches=found, speed_settings=_speed_settings(target))
    return target


def _speed_settings(target: OpenTarget) -> dict[str, str]:
    """Read what bears on speed; nothing where the server keeps its settings to itself, which checks then tell."""
    try:
        general = target.configuration()
    except RequestError:
        return {}
    return speed_settings(general, process_variable(target.pid, CACHE_SIZE_VARIABLE))
