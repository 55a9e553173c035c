"""What a running job uses to say how far it is and to ask whether it should stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Progress:
    """The progress of one job: unknown until a total is set, then processed / total.

    `publish` takes (progress or None, descriptions of what is being done, newest first) on each change.
    """

    def __init__(self, publish: Callable[[float | None, tuple[str, ...]], None]) -> None:
        self._publish = publish
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._total: int | None = None
        self._processed = 0
        self._sub_tasks: tuple[str, ...] = ()

    @property
    def is_stopping(self) -> bool:
        """Whether the job was asked to stop."""
        return self._stop.is_set()

    def request_stop(self) -> None:
        """Ask the job to stop at its next convenient point."""
        self._stop.set()

    def wait_for_stop(self, timeout_seconds: float | None = None) -> bool:
        """Wait until the job is asked to stop, or until the time is over; say whether it was."""
        return self._stop.wait(timeout_seconds)

    def set_indefinite(self) -> None:
        """Say that the amount of work is not known."""
        with self._lock:
            self._total = None
        self._tell()

    def set_total(self, total: int) -> None:
        """Say how many units of work there are."""
        with self._lock:
            self._total = total
        self._tell()

    def increment(self) -> None:
        """Count one unit of work as done."""
        with self._lock:
            if self._total is None or self._processed < self._total:
                self._processed += 1
        self._tell()

    @contextmanager
    def task(self, description: str) -> Iterator[None]:
        """Name what is being done during the block."""
        with self._lock:
            self._sub_tasks = (description, *self._sub_tasks)
        self._tell()
        try:
            yield
        finally:
            with self._lock:
                remaining = list(self._sub_tasks)
                remaining.remove(description)
                self._sub_tasks = tuple(remaining)
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            fraction = self._processed / self._total if self._total else None
            sub_tasks = self._sub_tasks
        self._publish(fraction, sub_tasks)
