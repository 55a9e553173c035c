"""Dates and times of a generated library: a fixed calendar, because the clock on the wall would change the bytes."""

from __future__ import annotations

from datetime import date, timedelta

_FIRST = date(2005, 1, 1)
_LAST = date(2025, 6, 30)
_CLOCKS = 4096
_SECONDS_PER_DAY = 86_400

DAYS: tuple[str, ...] = tuple((_FIRST + timedelta(days=n)).isoformat() for n in range((_LAST - _FIRST).days + 1))
"""Day number to `YYYY-MM-DD`; day 0 is kept for "no date"."""

LAST_DAY = len(DAYS) - 1
FIRST_ADDED_DAY = (date(2016, 2, 1) - _FIRST).days
"""The day on which the owner of the library began to collect."""

CLOCKS: tuple[str, ...] = tuple(
    f"T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
    for second in (number * _SECONDS_PER_DAY // _CLOCKS for number in range(_CLOCKS))
)
"""Twelve random bits to a time of day, to be put behind a day: together RFC 3339 in UTC, as Stash stores it."""

CLOCK_MASK = _CLOCKS - 1
SOME_DAY = DAYS[FIRST_ADDED_DAY] + CLOCKS[0]
"""Time stamp of things that were there from the beginning."""

_GAPS = ((date(2012, 7, 1), date(2012, 11, 30)), (date(2020, 3, 15), date(2020, 7, 31)))


def _skip_gaps(day: int) -> int:
    for begin, end in _GAPS:
        if (begin - _FIRST).days <= day <= (end - _FIRST).days:
            return (end - _FIRST).days + 1 + day % 14
    return day


RELEASE_DAYS: tuple[int, ...] = tuple(_skip_gaps(day) for day in range(LAST_DAY + 1))
"""Day number to the day on which something could come out: there are months in which nothing did."""


def added_day(number: int, total: int) -> int:
    """Give the day on which item `number` of `total` (both from 1) was added: steadily, in weekly batches."""
    span = LAST_DAY - FIRST_ADDED_DAY
    return FIRST_ADDED_DAY + (number - 1) * span // total // 7 * 7
