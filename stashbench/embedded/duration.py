"""Go's way of writing a duration, because Stash's log lines carry it and readers of them must be tested with it."""

from __future__ import annotations

_MICROSECOND = 1_000
_MILLISECOND = 1_000_000
_SECOND = 1_000_000_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE


def format_duration(nanoseconds: int) -> str:
    """Write whole nanoseconds as Go does: "0s", "660ns", "43.775µs", "234.5ms", "1.5s", "1m2.3s", "1h2m3s"."""
    if nanoseconds < 0:
        return "-" + format_duration(-nanoseconds)
    if nanoseconds < _SECOND:
        return _fraction_of_second(nanoseconds)
    hours, rest = divmod(nanoseconds, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    seconds = f"{_decimal(rest, _SECOND)}s"
    if hours:
        return f"{hours}h{minutes}m{seconds}"
    return f"{minutes}m{seconds}" if minutes else seconds


def _fraction_of_second(nanoseconds: int) -> str:
    """Write less than a second in the unit that leaves one to three digits before the point."""
    if nanoseconds == 0:
        return "0s"
    if nanoseconds < _MICROSECOND:
        return f"{nanoseconds}ns"
    if nanoseconds < _MILLISECOND:
        return f"{_decimal(nanoseconds, _MICROSECOND)}µs"
    return f"{_decimal(nanoseconds, _MILLISECOND)}ms"


def _decimal(nanoseconds: int, unit: int) -> str:
    """Write a multiple of a unit exactly, without trailing zeros."""
    whole, fraction = divmod(nanoseconds, unit)
    if not fraction:
        return str(whole)
    digits = len(str(unit)) - 1
    return f"{whole}.{fraction:0{digits}d}".rstrip("0")
