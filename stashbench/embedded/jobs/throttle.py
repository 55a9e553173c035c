"""Limits how often something is announced, without losing the last announcement."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Throttle:
    """Calls `action` at once if the last call is long enough ago, else once when the interval is over."""

    def __init__(self, interval_seconds: float, action: Callable[[], None]) -> None:
        self._interval_seconds = interval_seconds
        self._action = action
        self._lock = threading.Lock()
        self._last = float("-inf")
        self._timer: threading.Timer | None = None

    def trigger(self) -> None:
        """Ask for a call, now or soon."""
        with self._lock:
            wait_seconds = self._last + self._interval_seconds - time.monotonic()
            if wait_seconds > 0:
                if self._timer is None:
                    self._timer = threading.Timer(wait_seconds, self._fire)
                    self._timer.daemon = True
                    self._timer.start()
                return
            self._last = time.monotonic()
        self._action()

    def cancel(self) -> None:
        """Forget a call that is still to come."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _fire(self) -> None:
        with self._lock:
            self._timer = None
            self._last = time.monotonic()
        self._action()
