"""The server's log as it is written: every line reaches subscribers, whatever the log level."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from stashbench.stash.client import StashClient
from stashbench.stash.operations import load
from stashbench.stash.subscription import Subscription

NANOSECONDS = 10**9
NANOSECOND_DIGITS = 9


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line; `time_ns` is the server's own clock in nanoseconds since 1970."""

    time_ns: int
    level: str
    message: str


def parse_time(text: str) -> int:
    """Return an RFC 3339 time in nanoseconds since 1970, keeping all nine digits."""
    head, dot, tail = text.partition(".")
    digits = ""
    if dot:
        digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
        head += tail[len(digits) :]
    seconds = int(datetime.fromisoformat(head).timestamp())
    return seconds * NANOSECONDS + int(digits[:NANOSECOND_DIGITS].ljust(NANOSECOND_DIGITS, "0") or 0)


class LogStream:
    """Collects log entries while its context is open; entries come in batches of a second and in no order."""

    def __init__(self, client: StashClient) -> None:
        self._changed = threading.Condition()
        self._entries: list[LogEntry] = []
        self._last_arrival = time.monotonic()
        self._subscription = Subscription(client, load("log_stream"), self._receive)

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

    def entries(self) -> list[LogEntry]:
        """Return what has arrived so far, in the order of the server's clock."""
        with self._changed:
            return sorted(self._entries, key=lambda entry: entry.time_ns)

    def wait_for(self, word: str, timeout_seconds: float) -> bool:
        """Wait until a line with that word has arrived; say whether it did."""
        deadline = time.monotonic() + timeout_seconds
        seen = 0
        with self._changed:
            while True:
                if any(word in entry.message for entry in self._entries[seen:]):
                    return True
                seen = len(self._entries)
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
        batch = [
            LogEntry(parse_time(entry["time"]), str(entry["level"]), str(entry["message"]))
            for entry in payload["loggingSubscribe"]
        ]
        with self._changed:
            self._entries += batch
            self._last_arrival = time.monotonic()
            self._changed.notify_all()
