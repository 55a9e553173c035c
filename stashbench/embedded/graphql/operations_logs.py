"""The log over the API: the last lines, and all of them as they come."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from enum import Enum

import strawberry
from strawberry.types import Info

from stashbench.embedded.broadcast import stream
from stashbench.embedded.graphql.scalars import Time, time_text
from stashbench.embedded.loghub import LogLevel as HubLevel
from stashbench.embedded.loghub import LogLine

_WAITING_BATCH_COUNT = 100  # batches held for a slow subscriber; later ones are dropped, as in Stash


@strawberry.enum
class LogLevel(Enum):
    """Levels as the API spells them."""

    Trace = HubLevel.TRACE
    Debug = HubLevel.DEBUG
    Info = HubLevel.INFO
    Progress = HubLevel.PROGRESS
    Warning = HubLevel.WARNING
    Error = HubLevel.ERROR


@strawberry.type
class LogEntry:
    """One line of the log."""

    time: Time
    level: LogLevel
    message: str


def _entry(line: LogLine) -> LogEntry:
    return LogEntry(time=time_text(line.time_ns), level=LogLevel(line.level), message=line.message)


def _logs(info: Info) -> list[LogEntry]:
    return [_entry(line) for line in info.context["state"].hub.recent()]


async def _logging_subscribe(info: Info) -> AsyncGenerator[list[LogEntry], None]:
    async for batch in stream(info.context["state"].hub.subscribe, _WAITING_BATCH_COUNT):
        yield [_entry(line) for line in batch]


@strawberry.type
class LogQueries:
    """Queries about the log: the last 30 lines at or above the configured level, newest first."""

    logs = strawberry.field(resolver=_logs)


@strawberry.type
class LogSubscriptions:
    """Subscriptions to the log: all lines whatever their level, in batches, at most one a second."""

    logging_subscribe = strawberry.subscription(resolver=_logging_subscribe, name="loggingSubscribe")
