"""The server's log as it is written: every line reaches subscribers, whatever the log level."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Any, Self

from stashbench.stash.backoff import RetryLimits
from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.server_time import parse_time
from stashbench.stash.subscription import PROTOCOLS, Gap, Subscription

__all__ = ["LogEntry", "LogStream", "parse_time"]

CAPACITY_BYTES = 256 * 1024 * 1024
ENTRY_BYTES = 200  # what an entry takes beside its message

_FORM_ERRORS = (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line; `time_ns` is the server's own clock in nanoseconds since 1970."""

    time_ns: int
    level: str
    message: str

    @property
    def size_bytes(self) -> int:
        """About how much memory it takes."""
        return ENTRY_BYTES + len(self.message)


class LogStream:
    """Collects log entries while its context is open; entries come in batches of a second and in no order.

    It outlives a restart of the server; `gaps` says when lines may have been lost. It holds at most `capacity_bytes`
    of entries: beyond that the oldest go and are counted in `dropped_count`. Entries that are no log lines are counted
    in `unreadable_count`.
    """

    def __init__(
        self,
        client: StashClient,
        *,
        capacity_bytes: int = CAPACITY_BYTES,
        protocols: Sequence[str] = PROTOCOLS,
        retry: RetryLimits | None = None,
    ) -> None:
        self._changed = threading.Condition()
        self._entries: deque[LogEntry] = deque()
        self._size_bytes = 0
        self._capacity_bytes = capacity_bytes
        self._last_arrival = time.monotonic()
        self._subscription = Subscription(client, load("log_stream"), self._receive, protocols=protocols, retry=retry)
        self.dropped_count = 0
        self.unreadable_count = 0

    def __enter__(self) -> Self:
        """Subscribe; raises RequestError when the server opens no subscription."""
        self._subscription.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._subscription.close()

    @property
    def failure(self) -> str:
        """Why the stream ended early; empty while it runs."""
        return self._subscription.failure

    @property
    def gap_count(self) -> int:
        """How often the connection was lost."""
        return self._subscription.gap_count

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """When lines may have been lost, in seconds of our monotonic clock.

        Lines come in batches, so those written up to a second before a gap may be gone too.
        """
        return self._subscription.gaps

    @property
    def protocol(self) -> str:
        """The websocket protocol that the server chose."""
        return self._subscription.protocol

    @property
    def message_count(self) -> int:
        """How many batches have arrived."""
        return self._subscription.message_count

    def entries(self) -> list[LogEntry]:
        """Return what has arrived so far and is still held, in the order of the server's clock."""
        with self._changed:
            return sorted(self._entries, key=lambda entry: entry.time_ns)

    def wait_for(self, word: str, timeout_seconds: float) -> bool:
        """Wait until a line with that word has arrived; say whether it did."""
        deadline = time.monotonic() + timeout_seconds
        seen = 0
        with self._changed:
            while True:
                fresh = islice(self._entries, max(seen - self.dropped_count, 0), None)
                if any(word in entry.message for entry in fresh):
                    return True
                seen = self.dropped_count + len(self._entries)
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)

    def wait_until_quiet(self, quiet_seconds: float, timeout_seconds: float) -> bool:
        """Wait until nothing has arrived for a while; say whether that came about in time."""
        deadline = time.monotonic() + timeout_seconds
        quiet_since = time.monotonic()
        with self._changed:
            while True:
                now = time.monotonic()
                left = max(quiet_since, self._last_arrival) + quiet_seconds - now
                if left <= 0:
                    return True
                if now >= deadline:
                    return False
                self._changed.wait(min(left, deadline - now))

    def _receive(self, payload: dict[str, Any]) -> None:
        lines = payload.get("loggingSubscribe")
        read = [_read(line) for line in lines] if isinstance(lines, list) else [None]
        with self._changed:
            for entry in read:
                if entry is None:
                    self.unreadable_count += 1
                else:
                    self._entries.append(entry)
                    self._size_bytes += entry.size_bytes
            while self._size_bytes > self._capacity_bytes:
                self._size_bytes -= self._entries.popleft().size_bytes
                self.dropped_count += 1
            self._last_arrival = time.monotonic()
            self._changed.notify_all()


def _read(line: Any) -> LogEntry | None:
    """Read one line; None where it is none, because one odd line must not end the log."""
    try:
        return LogEntry(parse_time(line["time"]), str(line["level"]), str(line["message"]))
    except _FORM_ERRORS:
        return None
