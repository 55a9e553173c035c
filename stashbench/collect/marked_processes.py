"""Ends processes that an earlier run of ours left behind, told from everybody else's by a mark in their environment."""

from __future__ import annotations

import contextlib


def end_marked(variable: str, value: str) -> list[int]:
    """Kill the processes of this user whose environment says `variable=value`; return their ids.

    A process cannot be mistaken for one that had its id before: identity and start time are compared when it is killed.
    """
    import psutil  # type: ignore[import-untyped]  # ships no types

    killed = []
    for process in psutil.process_iter():
        # Others' environments cannot be read, and processes come and go meanwhile.
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(variable) == value:
                process.kill()
                killed.append(process.pid)
    return killed


def started_at(pid: int) -> float | None:
    """Return when a process started, in seconds since 1970, or None if there is none of that id."""
    import psutil

    try:
        return float(psutil.Process(pid).create_time())
    except (psutil.Error, OverflowError):
        return None
