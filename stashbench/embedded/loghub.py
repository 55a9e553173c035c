"""The server's log: the last 30 lines for `logs`, and everything for subscribers, whatever the log level.

As in Stash: subscribers get batches, at most one a second, and a slow one loses batches instead of slowing the server.
Lines may be given as a function that makes the text; nobody listening and the level filtering them, it is never called.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

CACHED_LINE_COUNT = 30
BATCH_INTERVAL_SECONDS = 1.0
PENDING_LINE_LIMIT = 100_000  # lines of one batch; a flood beyond it is dropped and counted, not kept in memory


class LogLevel(Enum):
    """Levels as the API names them; the value orders them, higher is more important."""

    TRACE = 0
    DEBUG = 1
    INFO = 2
    PROGRESS = 3
    WARNING = 4
    ERROR = 5


class LogLine(NamedTuple):
    """One line: when (nanoseconds since 1970), how important, and what (or a function that makes the text)."""

    time_ns: int
    level: LogLevel
    content: str | Callable[[], str]

    @property
    def message(self) -> str:
        """The text, made now if it was given as a function."""
        return self.content if isinstance(self.content, str) else self.content()


Deliver = Callable[[tuple[LogLine, ...]], None]


class LogHub:
    """Takes lines from any thread; hands batches to subscribers from a thread of its own."""

    def __init__(self, level: LogLevel = LogLevel.INFO) -> None:
        self.level = level
        self.dropped_line_count = 0
        self._cache: deque[LogLine] = deque(maxlen=CACHED_LINE_COUNT)
        self._subscribers: list[Deliver] = []
        self._pending: list[LogLine] = []
        self._changed = threading.Condition()
        self._last_batch = time.monotonic()
        self._flusher: threading.Thread | None = None
        self._closed = False

    def publish(self, level: LogLevel, content: str | Callable[[], str]) -> None:
        """Log one line, timed now. Cheap when nobody subscribes and the level is below the configured one."""
        is_cached = level.value >= self.level.value
        if not is_cached and not self._subscribers:
            return
        line = LogLine(time.time_ns(), level, content)
        with self._changed:
            if is_cached:
                self._cache.appendleft(line)
            if not self._subscribers:
                return
            if len(self._pending) >= PENDING_LINE_LIMIT:
                self.dropped_line_count += 1
                return
            self._pending.append(line)
            if len(self._pending) == 1:
                self._changed.notify()

    def recent(self) -> list[LogLine]:
        """Return the last lines at or above the configured level, newest first."""
        with self._changed:
            return list(self._cache)

    def subscribe(self, deliver: Deliver) -> Callable[[], None]:
        """Hand later batches to `deliver` (called in the hub's thread; must not block); call the result to end it."""
        with self._changed:
            self._subscribers.append(deliver)
            if self._flusher is None and not self._closed:
                self._flusher = threading.Thread(target=self._flush_until_closed, name="log-batches", daemon=True)
                self._flusher.start()

        def unsubscribe() -> None:
            with self._changed:
                if deliver in self._subscribers:
                    self._subscribers.remove(deliver)

        return unsubscribe

    def close(self) -> None:
        """Stop handing out batches."""
        with self._changed:
            self._closed = True
            self._subscribers.clear()
            self._changed.notify()
        if self._flusher is not None:
            self._flusher.join()

    def _flush_until_closed(self) -> None:
        """Wait for lines, let a second pass since the last batch, hand the batch out; until closed."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._closed)
                due = self._last_batch + BATCH_INTERVAL_SECONDS
                self._changed.wait_for(lambda: self._closed, timeout=max(0.0, due - time.monotonic()))
                if self._closed:
                    return
                batch, self._pending = tuple(self._pending), []
                subscribers = tuple(self._subscribers)
                self._last_batch = time.monotonic()
            for deliver in subscribers:
                deliver(batch)
