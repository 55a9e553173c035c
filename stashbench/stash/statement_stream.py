"""Statements and marks out of the server's log, sorted as they come in; arguments go at once unless asked for."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from stashbench.stash.client import StashClient
from stashbench.stash.log_line import LoggedStatement, parse_statement
from stashbench.stash.log_stream import parse_time
from stashbench.stash.operations import load
from stashbench.stash.subscription import Subscription

NUMBER_CHARACTERS = 6
EXECUTIONS_AT_MOST = 500_000
"""A scan logs a thousand statements a second; what comes beyond this is not kept, and no count is certain then."""
ARGUMENT_CHARACTERS_AT_MOST = 64_000_000
"""Of statements beyond these only the shape is kept, also where arguments were asked for."""
Execution = tuple[int, LoggedStatement]
"""When a statement was logged (nanoseconds since 1970 of the server's clock), and what it was."""


@dataclass
class Intake:
    """What came in over one or more subscriptions: times of the lines of each mark, and everybody's statements.

    `argument_characters_left` is how many characters of statements may still be kept with their arguments.
    """

    token: str = field(default_factory=lambda: f"mark{secrets.token_hex(6)}")
    marks: dict[str, list[int]] = field(default_factory=dict)
    executions: list[Execution] = field(default_factory=list)
    newest_ns: int = 0
    is_full: bool = False
    argument_characters_left: int = 0

    def new_mark(self) -> str:
        """Return a word that nobody has used, and expect it."""
        word = f"{self.token}{len(self.marks):0{NUMBER_CHARACTERS}d}"
        self.marks[word] = []
        return word

    def take(self, time_ns: int, message: str) -> None:
        """Sort one line: ours, a statement, or of no interest here."""
        self.newest_ns = max(self.newest_ns, time_ns)
        begin = message.find(self.token)
        if begin >= 0:
            # All marks are the token and as many characters again, however often a line repeats them.
            word = message[begin : begin + len(self.token) + NUMBER_CHARACTERS]
            if word in self.marks:
                self.marks[word].append(time_ns)
        elif len(self.executions) >= EXECUTIONS_AT_MOST:
            self.is_full = True
        else:
            is_keeping = len(message) <= self.argument_characters_left
            statement = parse_statement(message, is_keeping_arguments=is_keeping)
            if statement is not None:
                self.executions.append((time_ns, statement))
                self.argument_characters_left -= len(message) if statement.executed is not None else 0


class StatementStream:
    """Fills an intake while its context is open; lines come in batches of a second and in no order."""

    def __init__(self, client: StashClient, intake: Intake) -> None:
        self._intake = intake
        self._changed = threading.Condition()
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

    @property
    def gap_count(self) -> int:
        """How often the connection was lost, and lines with it."""
        return self._subscription.gap_count

    def new_mark(self) -> str:
        """Return a word that nobody has used, and expect it."""
        with self._changed:
            return self._intake.new_mark()

    def wait_for(self, words: Collection[str], timeout_seconds: float) -> bool:
        """Wait until a line of any of these marks has arrived; say whether one did before the stream ended."""
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            while not any(self._intake.marks[word] for word in words):
                left = deadline - time.monotonic()
                if left <= 0 or self.failure:
                    return False
                self._changed.wait(min(left, 0.1))
            return True

    def wait_until_quiet(self, quiet_seconds: float, timeout_seconds: float) -> bool:
        """Wait until nothing has arrived for a while; say whether that came about in time."""
        now = begin = time.monotonic()
        with self._changed:
            while now < begin + timeout_seconds:
                left = max(begin, self._last_arrival) + quiet_seconds - now
                if left <= 0:
                    return True
                self._changed.wait(min(left, begin + timeout_seconds - now))
                now = time.monotonic()
            return False

    def snapshot(self) -> Intake:
        """Return what has arrived so far; later arrivals do not change it."""
        with self._changed:
            marks = {word: list(times) for word, times in self._intake.marks.items()}
            executions = list(self._intake.executions)
            return Intake(self._intake.token, marks, executions, self._intake.newest_ns, self._intake.is_full)

    def _receive(self, payload: dict[str, Any]) -> None:
        # Read before anything is kept, so that a batch with an odd line is lost as a whole and told as a failure.
        batch = [(parse_time(entry["time"]), str(entry["message"])) for entry in payload["loggingSubscribe"]]
        with self._changed:
            for time_ns, message in batch:
                self._intake.take(time_ns, message)
            self._last_arrival = time.monotonic()
            self._changed.notify_all()
