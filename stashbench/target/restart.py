"""Starts servers of ours anew, all at once: while one is at work with its start, so are the others."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import msgspec

from stashbench.collect.probes.settle import tree_cpu_seconds, wait_until_idle
from stashbench.errors import UsageError
from stashbench.model.target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Generator

    from stashbench.target.opened import OpenTarget

# A server tries the machine's video encoders when it starts; nothing shall be timed before that is over.
_SETTLE_SECONDS = 30.0
_WINDOW_SECONDS = 0.15


class Restarting(Protocol):
    """A server of ours that can be started anew."""

    @property
    def url(self) -> str:
        """Where it is now."""

    @property
    def pid(self) -> int:
        """Its process now."""

    def restarting(self) -> Generator[None]:
        """End it and start it anew, yielding wherever the server is at work by itself."""


def restart(targets: Sequence[OpenTarget]) -> float:
    """Start servers of ours anew, each in a new process on the library it was given; return how long all took, seconds.

    Their clients turn to the new addresses; `info`, `pid` and `start_seconds` are those of the new processes.

    Raises:
        UsageError: a server is not ours to start.
        TargetError: one did not come up again.
        LibraryError: the library of one could not be copied again.
    """
    begin = time.monotonic()
    with ExitStack() as started:
        steps = []
        for target in targets:
            if target.restarting is None:
                message = f"The server at {target.info.url} was not started by us, so it is not ours to start anew."
                raise UsageError(message)
            steps.append(target.restarting())
            started.callback(steps[-1].close)
        _run_together(steps)
    _settle([target.pid for target in targets if target.info.kind is TargetKind.MANAGED and target.pid is not None])
    seconds = time.monotonic() - begin
    for target in targets:
        target.start_seconds = seconds
    return seconds


def follow(target: OpenTarget, server: Restarting) -> None:
    """Make a target restart with its server, and turn to where that is afterwards."""

    def restarting() -> Generator[None]:
        yield from server.restarting()
        target.client.move(server.url)
        target.pid = server.pid
        target.info = msgspec.structs.replace(target.info, url=server.url, pid=server.pid)

    target.restarting = restarting


def _run_together(steps: Iterable[Iterator[None]]) -> None:
    """Take one step of each in turn until all have ended."""
    waiting = list(steps)
    ended = object()
    while waiting:
        waiting = [step for step in waiting if next(step, ended) is not ended]


def _settle(pids: Sequence[int]) -> None:
    """Wait until none of the servers has anything more to do."""

    def used_seconds() -> float | None:
        used = [tree_cpu_seconds(pid) for pid in pids]
        return sum(seconds for seconds in used if seconds is not None) if any(used) else None

    if pids:
        wait_until_idle(used_seconds, limit_seconds=_SETTLE_SECONDS, window_seconds=_WINDOW_SECONDS)
