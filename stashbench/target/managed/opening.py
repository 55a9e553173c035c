"""A Stash program as a target: started with a library of its own, watched like an attached server, gone afterwards."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from stashbench.collect.probes.settle import tree_cpu_seconds, wait_until_idle
from stashbench.errors import UsageError
from stashbench.model.target import TargetKind
from stashbench.stash.discovery import FoundDatabase, FoundProcess
from stashbench.stash.probe import examine_server
from stashbench.target import reaches
from stashbench.target.attached import describe, make_client
from stashbench.target.managed.binary import BinaryOptions, RunningBinary, running_binary
from stashbench.target.managed.counts import check_counts
from stashbench.target.managed.program import sha256_of
from stashbench.target.opened import OpenTarget
from stashbench.target.restart import follow
from stashbench.target.setup import CACHE_SIZE_VARIABLE, Setup

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings

# At its start a server tries the machine's video encoders; that must be over before anything is timed.
_SETTLE_SECONDS = 30.0
_PLAIN = Setup()


@contextmanager
def open_managed(
    settings: TargetSettings, *, progress: Callable[[int, int], None] | None = None, setup: Setup = _PLAIN
) -> Iterator[OpenTarget]:
    """Start the program `settings.binary`; errors as for `open_target`."""
    assert settings.binary is not None
    _refuse_contradictions(settings)
    options = BinaryOptions(
        binary=settings.binary,
        scene_count=settings.library_scene_count,
        seed=settings.library_seed,
        log_level=settings.log_level,
        cache_size=None if CACHE_SIZE_VARIABLE in setup.environment else _cache_size(),
        setup=setup,
    )
    # Keys and certificates belong to servers of the user's; this one has just been made and knows none.
    bare = dataclasses.replace(settings, api_key=None, username=None, password=None, ca_file=None, insecure=False)
    with running_binary(options, progress=progress) as server, make_client(bare, server.url) as client:
        facts = examine_server(client)
        if setup.database is None:
            check_counts(client, server.numbers)
        process = FoundProcess(server.pid, "we started it")
        database = FoundDatabase(server.database, "the private copy we made")
        writes = reaches.writes_reach(is_allowed=settings.allow_writes, is_private=True)
        target = describe(TargetKind.MANAGED, client, facts, process, database, writes)
        target.info = msgspec.structs.replace(
            target.info,
            library_seed=settings.library_seed if setup.database is None else None,
            program_path=str(settings.binary),
            program_sha256=sha256_of(settings.binary),
        )
        target.log_file, target.media_directory = server.log_file, server.media
        target.warnings += (*_remarks(server, options), *_remarks_on(setup, server.migrated))
        target.start_seconds = server.start_seconds
        follow(target, server)
        yield target


def _refuse_contradictions(settings: TargetSettings) -> None:
    if settings.faults:
        message = "Faults can only be planted into the embedded server: leave out --fault or --stash-binary."
        raise UsageError(message)
    for option in settings.options_of_a_running_server():
        message = f"{option} describes a server of yours, and --stash-binary starts one of ours: leave out either."
        raise UsageError(message)


def _cache_size() -> int | None:
    """Return SQLite's cache size where the user set it for Stash: the one variable of theirs that is passed on."""
    text = os.environ.get(CACHE_SIZE_VARIABLE)
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        message = f"{CACHE_SIZE_VARIABLE}={text!r} is not a whole number: correct it or take it out of the environment."
        raise UsageError(message) from error


def _remarks_on(setup: Setup, migrated: str) -> tuple[str, ...]:
    """Return what became of what the user gave."""
    remarks = [migrated] if migrated else []
    if setup.database is not None:
        remarks.append("of the library only the database was copied: pages of covers and media find no files")
    if setup.left_out:
        remarks.append(f"not taken out of the settings file: {', '.join(setup.left_out)}")
    return tuple(remarks)


def _remarks(server: RunningBinary, options: BinaryOptions) -> tuple[str, ...]:
    """Wait until the server has nothing more to do with its start, and return what the report should say about it."""
    is_idle = wait_until_idle(lambda: tree_cpu_seconds(server.pid), limit_seconds=_SETTLE_SECONDS)
    remarks = [f"the server complained at start: {complaint}" for complaint in server.complaints()]
    if not is_idle:
        remarks.append(f"the server was still busy {_SETTLE_SECONDS:.0f} s after its start: first pages are disturbed")
    if options.cache_size is not None:
        remarks.append(f"the server was started with {CACHE_SIZE_VARIABLE}={options.cache_size} of the environment")
    return tuple(remarks)
