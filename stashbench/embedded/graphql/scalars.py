"""Scalars of Stash's API that GraphQL does not have itself; pass `SCALARS` to the schema's configuration."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NewType

import strawberry

Time = NewType("Time", str)
"""A moment as RFC 3339 text, e.g. 2026-11-23T10:11:19.5Z; goes out as it comes from the database."""

Timestamp = NewType("Timestamp", str)
"""An input moment: RFC 3339 text, or an offset into the past such as "<4h"; kept as text."""

Int64 = NewType("Int64", int)
"""A whole number of up to 64 bits, such as a size in bytes."""

Map = NewType("Map", dict[str, Any])
"""An object with any fields."""

PluginConfigMap = NewType("PluginConfigMap", dict[str, dict[str, Any]])
"""Settings of plugins by plugin and name."""

_NANOSECONDS_PER_SECOND = 1_000_000_000

SCALARS: dict[object, Any] = {
    Time: strawberry.scalar(name="Time", serialize=str, parse_value=str),
    Timestamp: strawberry.scalar(name="Timestamp", serialize=str, parse_value=str),
    Int64: strawberry.scalar(name="Int64", serialize=int, parse_value=int),
    Map: strawberry.scalar(name="Map", serialize=dict, parse_value=dict),
    PluginConfigMap: strawberry.scalar(name="PluginConfigMap", serialize=dict, parse_value=dict),
}


def time_text(nanoseconds: int) -> Time:
    """Write nanoseconds since 1970 as RFC 3339 in UTC, with as many digits of the second as are not zero."""
    seconds, fraction = divmod(nanoseconds, _NANOSECONDS_PER_SECOND)
    whole = datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09d}".rstrip("0") if fraction else ""
    return Time(f"{whole}{digits}Z")
