"""Reads the SQL statements of both sides at the same time, with their requests in turns, so that both meet the same.

Each side's log is followed in a thread of its own; a server works on a request only while the other does not. That also
halves the time that is spent waiting for logs to fall silent.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from stashbench.compare.plan import PairedRequest
from stashbench.compare.side import Side
from stashbench.compare.statements import trace_side
from stashbench.model.statement import StatementTrace

Traces = dict[int, list[StatementTrace]]
_PATIENCE_SECONDS = 5.0
_POLL_SECONDS = 0.1


class Turn:
    """One side's hold on what only one side may do at a time; taken and left by one thread, any number of times."""

    def __init__(self, lock: threading.Lock, ended: threading.Event) -> None:
        self._lock = lock
        self._ended = ended
        self._is_held = False

    def take(self) -> None:
        """Wait until the other side is not at it.

        Raises:
            InterruptedError: the run is over.
        """
        while not self._is_held:
            if self._ended.is_set():
                raise InterruptedError
            self._is_held = self._lock.acquire(timeout=_POLL_SECONDS)

    def leave(self) -> None:
        """Let the other side go on; without effect where this one is not at it."""
        if self._is_held:
            self._is_held = False
            self._lock.release()


def trace_sides(sides: Mapping[str, Side], requests: Sequence[PairedRequest]) -> dict[str, Traces]:
    """Return the traces of each side by its letter, as `trace_side` does for one.

    Two sides that are one server are read one after the other: each would take the other for a stranger.
    """
    if len({side.target.client.url for side in sides.values()}) < len(sides):
        return {letter: trace_side(side, requests) for letter, side in sides.items()}
    lock, ended = threading.Lock(), threading.Event()
    found: dict[str, Traces] = {}
    failures: list[BaseException] = []

    def read(letter: str) -> None:
        turn = Turn(lock, ended)
        try:
            found[letter] = trace_side(sides[letter], requests, turn)
        except BaseException as error:  # noqa: BLE001 - raised again where somebody can handle it
            failures.append(error)
            ended.set()
        finally:
            turn.leave()

    threads = [threading.Thread(target=read, args=(letter,), name=f"traces-{letter}", daemon=True) for letter in sides]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException:
        ended.set()
        for thread in threads:
            thread.join(_PATIENCE_SECONDS)
        raise
    told = [error for error in failures if not isinstance(error, InterruptedError)] or failures
    if told:
        raise told[0]
    return found
