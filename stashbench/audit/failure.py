"""Puts an exception into one line for the report: ours are sentences already, others need their type's name."""

from __future__ import annotations

from stashbench.errors import StashbenchError
from stashbench.model.text import visible

LIMIT = 2000


def failure_in_words(error: BaseException) -> str:
    """Return the first line of an error's message, with its type where it is not one of ours."""
    text = str(error).strip()
    # Its words may be a server's: what a terminal would obey is shown instead, and there is no end to them.
    first = visible(text.splitlines()[0][:LIMIT]) if text else ""
    if isinstance(error, StashbenchError):
        return first or type(error).__name__
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
