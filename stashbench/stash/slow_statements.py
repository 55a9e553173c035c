"""Sums up slow statements from several places by their shape, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from stashbench.model.server_log import SlowStatement
from stashbench.model.text import one_line
from stashbench.stash.sql_shape import fingerprint_of
from stashbench.stash.statements import SHAPE_CHARACTERS

SHAPES_AT_MOST = 2000
KEPT_AT_MOST = 100


@dataclass
class _Group:
    """All executions of one shape so far."""

    shape: str
    count: int = 0
    total_seconds: float = 0.0
    slowest_seconds: float = 0.0
    first_seen: str = "~"  # behind every time
    last_seen: str = ""
    during_audit_count: int = 0
    sources: dict[str, None] = field(default_factory=dict)


class SlowStatements:
    """Collects executions; beyond 2,000 shapes new ones are only counted, in `overflow_count`."""

    def __init__(self) -> None:
        self._groups: dict[str, _Group] = {}
        self._fingerprints: dict[str, str] = {}
        self.overflow_count = 0

    def add(self, shape: str, seconds: float, time: str, source: str, *, is_during_audit: bool) -> None:
        """Take in one execution; `time` is the server's local time."""
        fingerprint = self._fingerprints.get(shape)
        if fingerprint is None:
            fingerprint = fingerprint_of(shape)
            if len(self._fingerprints) < SHAPES_AT_MOST:
                self._fingerprints[shape] = fingerprint
        group = self._groups.get(fingerprint)
        if group is None:
            if len(self._groups) >= SHAPES_AT_MOST:
                self.overflow_count += 1
                return
            group = self._groups[fingerprint] = _Group(one_line(shape, SHAPE_CHARACTERS))
        group.count += 1
        group.total_seconds += seconds
        group.slowest_seconds = max(group.slowest_seconds, seconds)
        group.first_seen = min(group.first_seen, time)
        group.last_seen = max(group.last_seen, time)
        group.during_audit_count += is_during_audit
        group.sources[source] = None

    def summary(self) -> tuple[SlowStatement, ...]:
        """Return the hundred costliest shapes, the costliest first."""
        ordered = sorted(self._groups.items(), key=lambda item: (-item[1].total_seconds, item[0]))
        return tuple(
            SlowStatement(
                fingerprint=fingerprint,
                sql_shape=group.shape,
                count=group.count,
                total_seconds=group.total_seconds,
                slowest_seconds=group.slowest_seconds,
                first_seen=group.first_seen,
                last_seen=group.last_seen,
                sources=tuple(group.sources),
                during_audit_count=group.during_audit_count,
            )
            for fingerprint, group in ordered[:KEPT_AT_MOST]
        )

    @property
    def left_out_count(self) -> int:
        """How many shapes are not in the summary."""
        return max(0, len(self._groups) - KEPT_AT_MOST)
