"""How a server is had: attached to one that runs, or an embedded one that we start on a generated library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stashbench.target.opened import OpenTarget

if TYPE_CHECKING:
    from stashbench.config.target import TargetSettings

__all__ = ["OpenTarget", "open_target"]


@contextmanager
def open_target(
    settings: TargetSettings, *, progress: Callable[[int, int], None] | None = None
) -> Iterator[OpenTarget]:
    """Open the server the settings name; without an address an embedded one is started, and removed afterwards.

    `progress` is told (done, total) while a library is generated.

    Raises:
        TargetError: the server cannot be reached or used; the message is one sentence with the next step.
        UsageError: settings that contradict each other or the server at hand.
        LibraryError: the embedded library cannot be made.
    """
    if settings.url is None:
        from stashbench.target.embedded import open_embedded

        with open_embedded(settings, progress=progress) as target:
            yield target
    else:
        from stashbench.target.attached import open_attached

        with open_attached(settings) as target:
            yield target
