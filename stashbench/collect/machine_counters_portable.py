"""What psutil tells of a machine without /proc: macOS and Windows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stashbench.collect.machine_counters import Counters


def with_portable(found: Counters) -> Counters:
    """Add processor time and, on macOS, swap traffic to a reading. Never raises; what is not told stays None."""
    import psutil  # type: ignore[import-untyped]  # ships no types

    try:
        times = psutil.cpu_times()
        swapped = _swapped_bytes()
    except (OSError, RuntimeError):
        return found
    # Windows has interrupt and dpc time, which are parts of system time; macOS has neither.
    busy = times.user + times.system + getattr(times, "nice", 0.0)
    return found._replace(busy_seconds=busy, total_seconds=busy + times.idle, swapped_bytes=swapped)


def _swapped_bytes() -> int | None:
    import psutil

    if sys.platform == "win32":  # psutil's figures are always 0 there
        return None
    swap = psutil.swap_memory()
    return int(swap.sin + swap.sout)
