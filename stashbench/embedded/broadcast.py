"""Handing events from worker threads to any number of listeners, and from there into asynchronous code."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Generic, TypeVar

Item = TypeVar("Item")
Deliver = Callable[[Item], None]
Unsubscribe = Callable[[], None]


class Broadcast(Generic[Item]):
    """A list of listeners, called in the sender's thread; they must not block."""

    def __init__(self) -> None:
        self._listeners: list[Deliver[Item]] = []
        self._lock = threading.Lock()

    def subscribe(self, deliver: Deliver[Item]) -> Unsubscribe:
        """Call `deliver` for each later event; call the result to end it."""
        with self._lock:
            self._listeners.append(deliver)

        def unsubscribe() -> None:
            with self._lock, suppress(ValueError):  # unsubscribing twice is harmless
                self._listeners.remove(deliver)

        return unsubscribe

    def send(self, item: Item) -> None:
        """Hand one event to all listeners."""
        with self._lock:
            listeners = tuple(self._listeners)
        for deliver in listeners:
            deliver(item)


async def stream(subscribe: Callable[[Deliver[Item]], Unsubscribe], capacity: int) -> AsyncIterator[Item]:
    """Yield events as they come; holds `capacity` of them for a slow reader and drops what is beyond, as Stash does."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[Item] = asyncio.Queue(capacity)

    def keep(item: Item) -> None:
        with suppress(asyncio.QueueFull):
            waiting.put_nowait(item)

    def deliver(item: Item) -> None:
        with suppress(RuntimeError):  # the loop ended between two events: nobody reads any more
            loop.call_soon_threadsafe(keep, item)

    unsubscribe = subscribe(deliver)
    try:
        while True:
            yield await waiting.get()
    finally:
        unsubscribe()
