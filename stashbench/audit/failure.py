"""Puts an exception into one line for the report: ours are sentences already, others need their type's name."""

from __future__ import annotations

from stashbench.errors import StashbenchError


def failure_in_words(error: BaseException) -> str:
    """Return the first line of an error's message, with its type where it is not one of ours."""
    text = str(error).strip()
    first = text.splitlines()[0] if text else ""
    if isinstance(error, StashbenchError):
        return first or type(error).__name__
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
