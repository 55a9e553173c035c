"""Marks in the midst of a long request: no batch of the log can get lost without one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from stashbench.errors import RequestError, TargetError
from stashbench.stash.client import StashClient

MARK = "query Mark($q: String!) { findTags(filter: { q: $q, per_page: 1 }) { count } }"
"""A search for a word no tag has: two statements, both of which name it in the log."""
BEAT_SECONDS = 0.4
_TIMEOUT_SECONDS = 10.0


class Beats:
    """Sends a mark every 0.4 s over a connection of its own while its context is open; `words` are those sent."""

    def __init__(self, client: StashClient, new_mark: Callable[[], str]) -> None:
        self._client = client
        self._new_mark = new_mark
        self._is_over = threading.Event()
        self._words: list[str] = []
        self._thread = threading.Thread(target=self._beat, name="beats", daemon=True)

    @property
    def words(self) -> tuple[str, ...]:
        """The marks that were sent; complete once the context is closed."""
        return tuple(self._words)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _beat(self) -> None:
        if self._is_over.wait(BEAT_SECONDS):
            return
        with self._client.clone(_TIMEOUT_SECONDS) as client:
            while True:
                word = self._new_mark()
                try:
                    client.execute(MARK, {"q": word})
                except (RequestError, TargetError):
                    # The request itself will say what is wrong. Without this mark a lost batch may go unnoticed, so it
                    # stays among those that are looked for, and the run does not count as complete without its lines.
                    self._words.append(word)
                    return
                self._words.append(word)
                if self._is_over.wait(BEAT_SECONDS):
                    return
