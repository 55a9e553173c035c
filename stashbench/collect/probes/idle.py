"""Watches a server of which nothing is asked: CPU, disk writes, log lines, jobs, all in one window."""

from __future__ import annotations

import time
from typing import NamedTuple

from stashbench.collect.machine import steal_percent
from stashbench.collect.probes.rounds import insist
from stashbench.collect.sampler import Sampler
from stashbench.errors import RequestError, TargetError
from stashbench.model.sample import ResourceUse
from stashbench.stash.client import StashClient
from stashbench.stash.jobs import Job, job_queue
from stashbench.stash.log_line import parse_statement
from stashbench.stash.log_stream import LogEntry, LogStream

SETTLE_SECONDS = 0.3
_WRITTEN_LEVELS = frozenset({"info", "progress", "warning", "error"})
_WORDS = 3


class IdleWatch(NamedTuple):
    """What was seen. `jobs` is the queue as the watch began.

    `log_sources` has an origin for each line, None where the log could not be followed.
    """

    seconds: float
    use: ResourceUse
    steal_percent: float | None
    log_sources: tuple[str, ...] | None
    statement_count: int
    log_failure: str
    jobs: tuple[Job, ...]

    @property
    def running_jobs(self) -> tuple[str, ...]:
        """The descriptions of jobs that were running."""
        return tuple(job.description for job in self.jobs if job.status == "RUNNING")


def watch_idle(client: StashClient, resources: Sampler, *, seconds: float = 3.0) -> IdleWatch:
    """Ask nothing of the server for a while and watch it."""
    jobs = insist(lambda: job_queue(client))
    failure = ""
    entries: list[LogEntry] | None = None
    try:
        with LogStream(client) as stream:
            time.sleep(SETTLE_SECONDS)
            known = len(stream.entries())
            began, use, steal = _rest(resources, seconds)
            entries = stream.entries()[known:] if not stream.failure else None
            failure = stream.failure
    except (RequestError, TargetError) as error:
        failure = str(error)
        began, use, steal = _rest(resources, seconds)
    statements = 0
    sources: tuple[str, ...] | None = None
    if entries is not None:
        statements = sum(parse_statement(entry.message) is not None for entry in entries)
        sources = tuple(_source(entry) for entry in entries if entry.level.lower() in _WRITTEN_LEVELS)
    return IdleWatch(began, use, steal, sources, statements, failure, jobs)


def _rest(resources: Sampler, seconds: float) -> tuple[float, ResourceUse, float | None]:
    resources.begin("probe:idle")
    begin = time.monotonic()
    steal = steal_percent(seconds)
    # Where the kernel tells nothing of steal, it returned at once.
    time.sleep(max(seconds - (time.monotonic() - begin), 0.0))
    return time.monotonic() - begin, resources.end("probe:idle"), steal


def _source(entry: LogEntry) -> str:
    """Name a line's origin without its content: its level and leading words up to the first path or number."""
    words: list[str] = []
    for word in entry.message.split()[: _WORDS + 1]:
        if len(words) == _WORDS or any(character in "/\\0123456789\"'" for character in word):
            break
        words.append(word)
    return " ".join((entry.level, *words))
