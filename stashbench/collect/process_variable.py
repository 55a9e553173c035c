"""Reads one variable of another process's environment: that one and no other, as the rest may hold secrets."""

from __future__ import annotations


def process_variable(pid: int | None, name: str) -> str | None:
    """Return a variable as it was when the process started; None where it is unset or the process out of reach."""
    if pid is None:
        return None
    import psutil  # type: ignore[import-untyped]  # ships no types

    try:
        value = psutil.Process(pid).environ().get(name)
    except (psutil.Error, OSError, ValueError):
        return None  # of another user, or gone
    return None if value is None else str(value)
