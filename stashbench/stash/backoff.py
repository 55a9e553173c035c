"""How long to wait before the next attempt to reach a server that went away, and when to stop trying."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RetryLimits:
    """Bounds of the attempts after one loss.

    Waits grow from `first_seconds` by doubling up to `longest_seconds`. A connection that has held for
    `stable_seconds` ends the outage: the next loss begins anew.
    """

    attempt_limit: int = 60
    total_seconds: float = 60.0
    first_seconds: float = 0.25
    longest_seconds: float = 2.0
    stable_seconds: float = 5.0


class Backoff:
    """The attempts of one outage. Half of each wait is random, so that many clients do not return in one moment."""

    def __init__(self, limits: RetryLimits, begin: float, *, seed: int | None = None) -> None:
        self._limits = limits
        self._begin = begin
        self._random = random.Random(seed)  # noqa: S311 - spreads clients, guards nothing
        self.attempt_count = 0

    def next_delay(self, now: float) -> float | None:
        """Return the seconds to wait before the next attempt, or None when there shall be no other.

        `now` and the `begin` of the outage are seconds of one monotonic clock.
        """
        limits = self._limits
        left = self._begin + limits.total_seconds - now
        if self.attempt_count >= limits.attempt_limit or left <= 0:
            return None
        # Beyond 2**30 doublings nothing is left to double.
        full = min(limits.first_seconds * 2.0 ** min(self.attempt_count, 30), limits.longest_seconds)
        self.attempt_count += 1
        return min(full * self._random.uniform(0.5, 1.0), left)
