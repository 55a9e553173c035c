"""One of the two servers: opened, and started anew where it is ours to start."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from stashbench.collect.process_clock import ProcessClock, can_read_clocks
from stashbench.config.target import TargetSettings
from stashbench.errors import LibraryError, TargetUnreachableError, UsageError
from stashbench.model.target import Facility
from stashbench.target import OpenTarget, open_target
from stashbench.target.restart import restart
from stashbench.target.setup import Setup

SIDES = ("a", "b")


def renew(sides: Sequence[Side]) -> float:
    """Start the servers of ours among `sides` anew, all at once, on the same libraries; return how long that took.

    Raises:
        TargetError: one did not come up again, whatever the reason; what was measured by then is kept.
    """
    own = [side for side in sides if side.is_own]
    for side in own:
        side.take_stock()
    try:
        seconds = restart([side.target for side in own])
    except (LibraryError, UsageError) as error:
        message = f"A server could not be started anew: {error}"
        raise TargetUnreachableError(message) from error
    for side in own:
        side.start_seconds = seconds
        side.watch()
    return seconds


class Side:
    """A target with its letter and label; use as a context manager.

    `process_count` counts the server processes so far, `start_seconds` is how long the last start took (the
    end of the process before it included). `is_own` says
    that we start it, and so may start it anew; `was_here` that its process could be watched all the time.
    """

    def __init__(
        self, letter: str, label: str, given: str, settings: TargetSettings, setup: Setup | None = None
    ) -> None:
        self.letter = letter
        self.label = label
        self.given = given
        self.settings = settings
        self.setup = setup or Setup()
        self.process_count = 0
        self.start_seconds = 0.0
        self.clock: ProcessClock | None = None
        self._peak_rss_bytes: int | None = None
        self._cpu_at_opening = 0.0
        self.is_own = settings.url is None
        self.was_here = True
        self._reconnect_count = 0
        self._cpu_seconds = 0.0
        self._opened = contextlib.ExitStack()
        self._target: OpenTarget | None = None

    @property
    def target(self) -> OpenTarget:
        """The open server."""
        assert self._target is not None
        return self._target

    def open(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Open the server; errors as for `open_target`."""
        begin = time.monotonic()
        self._target = self._opened.enter_context(open_target(self.settings, progress=progress, setup=self.setup))
        self.start_seconds = self._target.start_seconds or time.monotonic() - begin
        self.watch()

    def watch(self) -> None:
        """Look at the process of the server just started."""
        self.process_count += 1
        info = self.target.info
        is_seen = info.pid is not None and info.can(Facility.PROCESS) and can_read_clocks()
        self.clock = ProcessClock(info.pid) if is_seen and info.pid is not None else None
        self.was_here = self.was_here and self.clock is not None
        if self.clock is not None and not self.is_own:
            self._cpu_at_opening = sum(self.clock.cpu_seconds().values())

    def highest_rss_bytes(self) -> int | None:
        """Return the highest memory of any of its processes, by the kernel's mark; None where that is not known."""
        now = self.clock.peak_rss_bytes() if self.clock is not None else None
        known = [size for size in (now, self._peak_rss_bytes) if size is not None]
        return max(known) if known else None

    def used_cpu_seconds(self) -> float | None:
        """Return the processor time of all its processes since they were opened."""
        if not self.was_here or self.has_ended:
            return None
        now = sum(self.clock.cpu_seconds().values()) if self.clock is not None else 0.0
        return self._cpu_seconds + now - self._cpu_at_opening

    @property
    def has_ended(self) -> bool:
        """Whether the process that is watched is gone, although nobody here ended it."""
        return self.clock is not None and not self.clock.cpu_seconds()

    def all_reconnects(self) -> int:
        """Return how often a connection had to be opened again."""
        now = self._target.client.reconnect_count if self._target is not None else 0
        return self._reconnect_count + now

    def take_stock(self) -> None:
        """Note what its process used up, before that ends."""
        if self._target is not None:
            self._peak_rss_bytes = self.highest_rss_bytes()
            used = self.used_cpu_seconds()
            self.was_here = used is not None
            self._cpu_seconds = used or 0.0
            self._cpu_at_opening = 0.0
        self.clock = None

    def close(self) -> None:
        """Close the connection, and end a server of ours; safe to call twice."""
        self.take_stock()
        self._reconnect_count = self.all_reconnects()
        self._target = None
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
