"""How a server is had: attached to one that runs, or started on a generated library, the user's program or our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stashbench.errors import UsageError
from stashbench.target.opened import OpenTarget
from stashbench.target.setup import Setup

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings

_PLAIN = Setup()
__all__ = ["OpenTarget", "open_target"]


@contextmanager
def open_target(
    settings: TargetSettings, *, progress: Callable[[int, int], None] | None = None, setup: Setup = _PLAIN
) -> Iterator[OpenTarget]:
    """Open the server the settings name; without an address one is started, and removed afterwards.

    That is the Stash program the settings name, or else the embedded server.

    `progress` is told (done, total) while a library is generated. `setup` is what a server that we start gets besides.

    Raises:
        TargetError: the server cannot be reached or used; the message is one sentence with the next step.
        UsageError: settings that contradict each other or the server at hand.
        LibraryError: the library of a server we start cannot be made.
    """
    if settings.url is not None and settings.binary is not None:
        message = (
            "Give either the address of a running server (--stash-url, STASH_URL) or a program to start "
            "(--stash-binary, STASH_BINARY), not both."
        )
        raise UsageError(message)
    if settings.url is not None:
        setup.refuse_for_attached()
    if settings.url is None and settings.node_exporter is not None:
        message = (
            "--stash-node-exporter tells of another machine, but a server that we start runs on this one: leave it "
            "out, or give the address of a running server with --stash-url."
        )
        raise UsageError(message)
    if settings.binary is not None:
        from stashbench.target.managed.opening import open_managed

        with open_managed(settings, progress=progress, setup=setup) as target:
            yield target
    elif settings.url is None:
        from stashbench.target.embedded import open_embedded

        with open_embedded(settings, progress=progress, setup=setup) as target:
            yield target
    else:
        from stashbench.target.attached import open_attached

        with open_attached(settings) as target:
            yield target
