"""Wait until a server has done with a request nobody waits for any more."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

IDLE_SHARE = 0.2
WINDOW_SECONDS = 0.5


def wait_until_idle(
    cpu_seconds: Callable[[], float | None],
    *,
    limit_seconds: float,
    window_seconds: float = WINDOW_SECONDS,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Wait until less than a fifth of a core is used over a window of time; False where that did not come in time.

    `cpu_seconds` gives the CPU time the server's processes have used so far, None where the server is gone.
    """
    deadline = clock() + limit_seconds
    begin, used = clock(), cpu_seconds()
    while used is not None:
        sleep(window_seconds)
        now, total = clock(), cpu_seconds()
        if total is None or total - used < IDLE_SHARE * (now - begin):
            return True
        if now >= deadline:
            return False
        begin, used = now, total
    return True


def tree_cpu_seconds(pid: int) -> float | None:
    """Return the CPU time of a process and its living children, None where it is gone or may not be read."""
    import psutil  # type: ignore[import-untyped]  # ships no types

    try:
        root = psutil.Process(pid)
        own = root.cpu_times()
        children = root.children(recursive=True)
    except psutil.Error:
        return None
    total = own.user + own.system
    for child in children:
        # A child that ended since is counted with its parent from the next reading on.
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            total += times.user + times.system
    return float(total)
