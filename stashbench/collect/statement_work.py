"""What the statements of a page cost in SQLite's own steps: they are run once more against the database, read-only.

In a process of its own: two SQLite libraries in one process would lose each other's file locks, and a statement that
does not end is ended with it. Arguments go there by pipe, and nowhere else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from stashbench.collect.sqlite_file import plan_reading
from stashbench.collect.work_totals import add_work
from stashbench.errors import DatabaseFileError
from stashbench.model.secret import SECRET_VARIABLES
from stashbench.model.statement import StatementTrace
from stashbench.sqlite.protocol import Blob, Counts, Job, Task
from stashbench.stash.log_arguments import read_arguments
from stashbench.stash.log_line import Executed, LoggedStatement

STEP_LIMIT = 50_000_000
"""About a second of SQLite's time. What takes more is told as "at least"."""
LIMIT_SECONDS = 20.0
_GRACE_SECONDS = 5.0
UNREADABLE = "its arguments cannot be read from the log for certain"
NO_ARGUMENTS = "the log shows no arguments of it"


class Answers(NamedTuple):
    """What the counting process said, in the order of the tasks; fewer where it ended early, and why."""

    sqlite_version: str
    counts: list[Counts]
    reason: str


def count_work(
    database: Path, traces: Mapping[int, StatementTrace], kept: Mapping[int, Sequence[LoggedStatement]]
) -> dict[int, StatementTrace]:
    """Return the traces with the work of their statements; equal executions are counted once.

    Never raises for the database or the statements: what could not be counted is None with the reason.
    """
    tasks = _tasks(kept.values())
    answers = _ask(database, [task for task in tasks.values() if task is not None])
    counted = iter(answers.counts)
    missing = Counts(reason=answers.reason)
    counts = {
        executed: Counts(reason=UNREADABLE) if task is None else next(counted, missing)
        for executed, task in tasks.items()
    }
    found = {}
    for index, trace in traces.items():
        if not trace.is_available or index not in kept:
            found[index] = trace
            continue
        pairs = [(item.shape, _counts_of(item, counts)) for item in kept[index]]
        found[index] = add_work(trace, pairs, answers.sqlite_version)
    return found


def _counts_of(item: LoggedStatement, counts: Mapping[Executed, Counts]) -> Counts:
    return counts[item.executed] if item.executed is not None else Counts(reason=NO_ARGUMENTS)


def _tasks(groups: Iterable[Sequence[LoggedStatement]]) -> dict[Executed, Task | None]:
    """Return what is to be run, each once; None for what cannot be read."""
    tasks: dict[Executed, Task | None] = {}
    for group in groups:
        for item in group:
            executed = item.executed
            if executed is None or executed in tasks:
                continue
            arguments = read_arguments(executed.sql, executed.arguments)
            tasks[executed] = (
                None
                if arguments is None
                else Task(executed.sql, tuple(Blob(item) if isinstance(item, bytes) else item for item in arguments))
            )
    return tasks


def _ask(database: Path, tasks: Sequence[Task]) -> Answers:
    """Have the tasks run; one process for all."""
    try:
        reading = plan_reading(database)
        lines = [msgspec.json.encode(Job(reading.uri, STEP_LIMIT, LIMIT_SECONDS)), *map(_encoded, tasks)]
        answers = _answers(b"\n".join(lines) + b"\n")
        reading.refuse_changes()
    except DatabaseFileError as error:
        return Answers("", [], str(error))
    except OSError as error:
        return Answers("", [], f"the process that counts could not be started: {error.strerror}")
    return answers


def _encoded(task: Task) -> bytes:
    try:
        return msgspec.json.encode(task)
    except UnicodeEncodeError:  # half a character, from a server that cut it
        return msgspec.json.encode(Task("text that is none", ()))


def _answers(asked: bytes) -> Answers:
    command = [sys.executable, "-m", "stashbench.sqlite"]
    environment = {name: value for name, value in os.environ.items() if name not in SECRET_VARIABLES}
    reason = ""
    try:
        # A session of its own: Ctrl-C in the terminal is for us, and `run` ends it with us.
        ended = subprocess.run(
            command,
            input=asked,
            capture_output=True,
            env=environment,
            timeout=LIMIT_SECONDS + _GRACE_SECONDS,
            start_new_session=True,
            check=False,
        )
        told = ended.stdout
        if ended.returncode:
            said = ended.stderr.decode(errors="replace").strip().splitlines()
            reason = f"the process that counts ended with status {ended.returncode}: {said[-1] if said else 'silently'}"
    except subprocess.TimeoutExpired as error:
        told = error.stdout or b""
        reason = f"counting was ended after {LIMIT_SECONDS:.0f} s"
    whole, _, _ = told.rpartition(b"\n")
    first, *rest = whole.split(b"\n")
    if not first:
        return Answers("", [], reason or "the process that counts said nothing")
    return Answers(
        msgspec.json.decode(first, type=str), [msgspec.json.decode(line, type=Counts) for line in rest], reason
    )
