"""Times as servers write them, in nanoseconds: Python's own have microseconds."""

from __future__ import annotations

from datetime import datetime

NANOSECONDS = 10**9
NANOSECOND_DIGITS = 9


def parse_time(text: str) -> int:
    """Return an RFC 3339 time in nanoseconds since 1970, keeping all nine digits.

    Raises:
        ValueError: the text is no such time; also TypeError, AttributeError, OverflowError and OSError for what a
            server of another kind may send.
    """
    head, dot, tail = text.partition(".")
    digits = ""
    if dot:
        digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
        head += tail[len(digits) :]
    seconds = int(datetime.fromisoformat(head).timestamp())
    return seconds * NANOSECONDS + int(digits[:NANOSECOND_DIGITS].ljust(NANOSECOND_DIGITS, "0") or 0)


def seconds_between(begin: str | None, end: str | None) -> float | None:
    """Return the time from one to the other, None where either is missing or unreadable."""
    if begin is None or end is None:
        return None
    try:
        return (parse_time(end) - parse_time(begin)) / NANOSECONDS
    except (ValueError, TypeError, AttributeError, OverflowError, OSError):
        return None
