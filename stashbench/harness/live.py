"""Progress of `stashbench audit`: a live line with rich on a terminal, plain lines in a pipe or a log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from stashbench.harness.eta import Countdown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

_PLAIN_STEP = 0.25
_ALL = 100
_SECONDS_UP_TO = 90.0


class LiveProgress:
    """Shows which test runs, how many are done and how long it still takes; implements `Progress`.

    Use as a context manager: leaving it takes the live line off the terminal, whatever happened.
    """

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self.console = console
        self._is_live = console.is_terminal
        self._bar = RichProgress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}", markup=False),
            console=console,
            transient=True,
            disable=not self._is_live,
        )
        self._task: TaskID | None = None
        self._countdown = Countdown({})
        self._begun = 0.0
        self._library_shown = -1.0
        self._waited_for = ""

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def opening(self) -> None:
        """The target is being opened."""
        self._replace("Opening the server", None)
        self._plain("opening the server")

    def library(self, done: int, total: int) -> None:
        """A library is being generated."""
        if self._library_shown < 0:
            self._replace("Generating a library, percent", _ALL)
        share = done / total if total else 1.0
        if self._task is not None:
            self._bar.update(self._task, completed=int(share * _ALL))
        if share >= 1.0 > self._library_shown or share - self._library_shown >= _PLAIN_STEP:
            self._library_shown = share
            self._plain(f"generating a library: {share:.0%}")

    def planned(self, expected_seconds: dict[str, float]) -> None:
        """The tests that will run, with a first guess of their times."""
        self._countdown = Countdown(expected_seconds)
        self._replace("Auditing", len(expected_seconds))
        self._plain(f"running {len(expected_seconds)} tests, about {_spell(self._countdown.remaining_seconds())}")

    def test_started(self, nodeid: str, label: str) -> None:  # noqa: ARG002 - the interface
        """A test begins."""
        self._begun = time.monotonic()
        if self._task is not None:
            self._bar.update(self._task, description=label[:60], left=self._left())
        number = self._countdown.done + 1
        self._plain(f"[{number}/{self._countdown.total}] {label} ({self._left()})")

    def test_finished(self, nodeid: str, outcome: str) -> None:
        """A test is over."""
        self._countdown.finish(nodeid, time.monotonic() - self._begun)
        if self._task is not None:
            self._bar.update(self._task, completed=self._countdown.done, left=self._left())
        if outcome == "failed":
            self._plain(f"    failed: {nodeid}")

    def profiling(self, done: int, total: int, title: str) -> None:
        """A request runs once more for its statements; the bar of the tests stays where it is."""
        if self._task is not None:
            description = f"Reading SQL statements, {done + 1} of {total}: {title}"
            self._bar.update(self._task, description=description[:60], left=self._left())
        if done == 0:
            self._plain(f"reading the SQL statements of {total} pages from the server's log")

    def repeating(self, done: int, total: int, title: str) -> None:
        """A page is timed again; the bar of the tests stays where it is."""
        if self._task is not None:
            description = f"Timing again, {done + 1} of {total}: {title}"
            self._bar.update(self._task, description=description[:60], left=self._left())
        if done == 0:
            self._plain(f"timing the pages again in {total} visits, in random order")

    def waiting(self, seconds: float, reason: str) -> None:
        """Nothing is measured for a while; a pipe is told once."""
        text = f"{reason}, {_spell(seconds)} left" if seconds else reason
        if self._task is not None:
            self._bar.update(self._task, description=text[:60], left="")
        if reason != self._waited_for:
            self._waited_for = reason
            self._plain(text)

    def concluding(self) -> None:
        """Tests are over."""
        self._replace("Writing the report", None)
        self._plain("writing the report")

    def _left(self) -> str:
        return f"{_spell(self._countdown.remaining_seconds())} left"

    def _replace(self, description: str, total: int | None) -> None:
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(description, total=total, left="")

    def _plain(self, text: str) -> None:
        if not self._is_live:
            self.console.print(text, markup=False, highlight=False, soft_wrap=True)


def _spell(seconds: float) -> str:
    """Return a duration as people say it: 45 s, 3 min."""
    return f"{seconds:.0f} s" if seconds < _SECONDS_UP_TO else f"{seconds / 60:.0f} min"
