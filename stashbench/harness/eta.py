"""How long an audit still takes: from guesses before the first test, corrected by what the tests really took."""

from __future__ import annotations

from collections.abc import Mapping


class Countdown:
    """Estimates the seconds left. Times are given in, so that it can be tested without waiting."""

    def __init__(self, expected_seconds: Mapping[str, float]) -> None:
        self._open = dict(expected_seconds)
        self._guessed_done = 0.0
        self._real_done = 0.0
        self.total = len(expected_seconds)

    @property
    def done(self) -> int:
        """How many tests are over."""
        return self.total - len(self._open)

    def finish(self, nodeid: str, real_seconds: float) -> None:
        """Take a test off the list; what it took corrects the guesses of the others."""
        guess = self._open.pop(nodeid, None)
        if guess is not None:
            self._guessed_done += guess
            self._real_done += real_seconds

    def remaining_seconds(self, running_seconds: float = 0.0) -> float:
        """Return the seconds left, of which the running test has used `running_seconds` already.

        The correction is the ratio of real to guessed time, damped by three average tests so that the first one, which
        is the fastest of all, does not promise too much.
        """
        if not self._open:
            return 0.0
        guessed_open = sum(self._open.values())
        damping = 3.0 * (guessed_open + self._guessed_done) / self.total
        factor = (self._real_done + damping) / (self._guessed_done + damping)
        return max(0.0, guessed_open * factor - running_seconds)
