"""What an audit tells while it runs. The pytest plugin tells pytest's terminal; the command line shows it with rich."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Receiver of an audit's progress; methods return at once and never raise."""

    def opening(self) -> None:
        """The target is being opened."""

    def library(self, done: int, total: int) -> None:
        """A library is being generated: units of work done, and in all."""

    def planned(self, expected_seconds: dict[str, float]) -> None:
        """The tests that will run, in order, with a first guess of how long each takes."""

    def test_started(self, nodeid: str, label: str) -> None:
        """A test begins."""

    def test_finished(self, nodeid: str, outcome: str) -> None:
        """A test is over: passed, failed or skipped."""

    def profiling(self, done: int, total: int, title: str) -> None:
        """A request runs once more for its statements: how many were before it, of how many, and which."""

    def repeating(self, done: int, total: int, title: str) -> None:
        """A page is timed again: how many visits were before this one, of how many, and to which page."""

    def waiting(self, seconds: float, reason: str) -> None:
        """Nothing is measured for a while: the seconds left, 0 where nobody knows, and what for."""

    def concluding(self) -> None:
        """Tests are over; results are compared, scored and written."""


class Silent:
    """Tells nothing: pytest's own output is the progress."""

    def opening(self) -> None:
        """Ignore."""

    def library(self, done: int, total: int) -> None:
        """Ignore."""

    def planned(self, expected_seconds: dict[str, float]) -> None:
        """Ignore."""

    def test_started(self, nodeid: str, label: str) -> None:
        """Ignore."""

    def test_finished(self, nodeid: str, outcome: str) -> None:
        """Ignore."""

    def profiling(self, done: int, total: int, title: str) -> None:
        """Ignore."""

    def repeating(self, done: int, total: int, title: str) -> None:
        """Ignore."""

    def waiting(self, seconds: float, reason: str) -> None:
        """Ignore."""

    def concluding(self) -> None:
        """Ignore."""


class TellsOfWaiting(Silent):
    """What pytest's own output does not tell: that nothing is tested for a while, and what for."""

    def __init__(self, write_line: Callable[[str], None]) -> None:
        self._write_line = write_line
        self._told = ""

    def waiting(self, seconds: float, reason: str) -> None:
        """Tell each reason once."""
        if reason != self._told:
            self._told = reason
            self._write_line(f"{reason}, {seconds:.0f} s left" if seconds else reason)
