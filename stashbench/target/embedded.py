"""The embedded server as a target: started on a private copy of a generated library, gone when the audit ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stashbench.errors import UsageError
from stashbench.model.target import TargetKind
from stashbench.stash.discovery import FoundDatabase, FoundProcess
from stashbench.stash.probe import examine_server
from stashbench.target import reaches
from stashbench.target.attached import describe, login_in, make_client
from stashbench.target.opened import OpenTarget
from stashbench.target.restart import follow
from stashbench.target.server import ServerOptions, running_server
from stashbench.target.setup import CACHE_SIZE_VARIABLE, Setup

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings

_PLAIN = Setup()


@contextmanager
def open_embedded(
    settings: TargetSettings, *, progress: Callable[[int, int], None] | None = None, setup: Setup = _PLAIN
) -> Iterator[OpenTarget]:
    """Start the embedded server the settings describe; errors as for `open_target`."""
    for option in settings.options_of_a_running_server():
        message = f"{option} describes a server of yours: give its address with --stash-url too, or leave it out."
        raise UsageError(message)
    _refuse_what_it_has_not(setup)
    login = login_in(settings)
    options = ServerOptions(
        scene_count=settings.library_scene_count,
        seed=settings.library_seed,
        faults=settings.faults,
        environment=setup.environment,
        copied_database=setup.database,
        # With STASH_API_KEY in the environment our requests carry it, and a server without a key refuses any.
        api_key=settings.api_key,
        username=login.username if login else None,
        password=login.password if login else None,
    )
    with running_server(options, progress=progress) as server, make_client(settings, server.url) as client:
        facts = examine_server(client)
        process = FoundProcess(server.pid, "we started it")
        database = FoundDatabase(server.database, "the private copy we made")
        writes = reaches.writes_reach(is_allowed=settings.allow_writes, is_private=True)
        target = describe(TargetKind.EMBEDDED, client, facts, process, database, writes)
        target.info = msgspec.structs.replace(
            target.info,
            library_seed=settings.library_seed if setup.database is None else None,
            faults=tuple(settings.faults),
        )
        # Made by the server for itself, and gone with it.
        target.media_directory = Path(target.configuration()["stashes"][0]["path"])
        target.start_seconds = server.start_seconds
        follow(target, server)
        yield target


def _refuse_what_it_has_not(setup: Setup) -> None:
    if setup.configuration:
        message = "The embedded server has no settings file: give settings to a Stash program, or leave them out."
        raise UsageError(message)
    for name in setup.environment:
        if name.startswith("STASH_") and name != CACHE_SIZE_VARIABLE:
            message = f"The embedded server knows {CACHE_SIZE_VARIABLE} only, not {name}: give that to a Stash program."
            raise UsageError(message)
