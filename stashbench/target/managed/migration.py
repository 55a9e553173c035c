"""Lets a Stash program bring the private copy of an older database to its own schema."""

from __future__ import annotations

import time
from pathlib import Path

from stashbench.errors import RefusedError, RequestError, TargetError, TargetNotReadyError, TargetUnreachableError
from stashbench.model.text import one_line
from stashbench.stash.client import StashClient
from stashbench.target.managed.process import ServerProcess, free_port
from stashbench.target.managed.scratch import Scratch, environment, prepare
from stashbench.target.managed.start_log import last_words

_STATUS = "query MigrationStatus { systemStatus { status databaseSchema appSchema configPath } }"
# With no path given, the backup that Stash makes first is removed again.
_MIGRATE = 'mutation MigrateCopy { migrate(input: {backupPath: ""}) }'
_POLL_SECONDS = 0.2
_ANSWER_SECONDS = 5.0
_LONGEST_SECONDS = 3600.0
_SHOWN = 300


def migrate_copy(binary: Path, home: Path, *, start_seconds: float, longest_seconds: float = _LONGEST_SECONDS) -> int:
    """Migrate the database in the private directory `home`, which must be older than the program; return its schema.

    Raises:
        UsageError: the program cannot be executed.
        RefusedError: the database is newer than the program, or the migration failed.
        TargetUnreachableError: it does not come up, or does not get done in time.
    """
    port = free_port()
    scratch = prepare(home, port=port, log_level="Info")
    process = ServerProcess(binary, scratch, environment(scratch, cache_size=None), port)
    try:
        process.read_pid(binary)
        with StashClient(process.url, None, longest_seconds) as client:
            _wait_for_answer(client, process, binary, start_seconds)
            return _migrate(client, process, binary, longest_seconds)
    finally:
        process.stop()


def _wait_for_answer(client: StashClient, process: ServerProcess, binary: Path, limit_seconds: float) -> None:
    deadline = time.monotonic() + limit_seconds
    while True:
        try:
            client.execute(_STATUS)
        except (TargetError, RequestError) as error:
            if not process.is_running or time.monotonic() > deadline:
                message = f"{binary} did not open the database to migrate it: {_why(process.scratch, error)}."
                raise TargetUnreachableError(message) from error
        else:
            return
        time.sleep(_POLL_SECONDS)


def _migrate(client: StashClient, process: ServerProcess, binary: Path, limit_seconds: float) -> int:
    deadline = time.monotonic() + limit_seconds
    try:
        client.execute(_MIGRATE)
    except (RequestError, TargetNotReadyError) as error:
        message = f"{binary} could not migrate the copy of the database: {_why(process.scratch, error)}."
        raise RefusedError(message) from error
    while True:
        # Since v0.26 migration is a job, and the answer comes before it is done.
        status = client.execute(_STATUS)["systemStatus"]
        if status["status"] == "OK":
            return int(status["databaseSchema"])
        if not process.is_running or time.monotonic() > deadline:
            message = f"{binary} did not get done with migrating the copy: {_why(process.scratch, None)}."
            raise TargetUnreachableError(message)
        if _has_failed(process.scratch):
            message = f"{binary} could not migrate the copy of the database: {_why(process.scratch, None)}."
            raise RefusedError(message)
        time.sleep(_POLL_SECONDS)


def _has_failed(scratch: Scratch) -> bool:
    return "error migrating" in last_words(scratch).lower() or "error performing migration" in last_words(scratch)


def _why(scratch: Scratch, error: Exception | None) -> str:
    return one_line(last_words(scratch) or str(error or "it said nothing"), _SHOWN).rstrip(".")
