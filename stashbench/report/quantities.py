"""Numbers with units as people read them: the only place where base units are converted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

NOT_KNOWN = "not measured"
DASH = "\N{EN DASH}"
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_PADDING = re.compile(r"\.0+(?!\d)|(?<=\.)(\d*[1-9])0+(?!\d)")
_WHOLE_FROM = 1e15
_MINUTE = 60
_HOUR = 3600


def significant(value: float, digits: int = 3) -> str:
    """Write a number with `digits` significant digits, thousands grouped and no exponent."""
    if not math.isfinite(value):
        return "not a number" if math.isnan(value) else "infinite"
    if value == 0:
        return "0"
    if abs(value) >= _WHOLE_FROM:
        return f"{value:,.0f}".replace("-", "\N{MINUS SIGN}")
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{value:,.{min(decimals, 12)}f}".replace("-", "\N{MINUS SIGN}")


def _short(value: float, digits: int = 3) -> str:
    """Write a number without padding zeros; for shares and efforts, whose precision says little."""
    return tidy(significant(value, digits))


def tidy(text: str) -> str:
    """Drop the zeros that only pad a number to its digits: for round values such as limits and ticks."""
    return _PADDING.sub(lambda match: match.group(1) or "", text)


def duration(seconds: float | None) -> str:
    """Write a duration in the unit that reads best, from µs to hours."""
    if seconds is None:
        return NOT_KNOWN
    size = abs(seconds)
    if not math.isfinite(size):
        return significant(seconds)
    if size >= _MINUTE:
        return _clock(seconds)
    scale, unit = next(((scale, unit) for scale, unit in _TIMES if size >= scale * 0.9995), _TIMES[-1])
    return f"{significant(seconds / scale)}\N{NO-BREAK SPACE}{unit}"


def _clock(seconds: float) -> str:
    whole = round(abs(seconds))
    sign = "\N{MINUS SIGN}" if seconds < 0 else ""
    hours, rest = divmod(whole, _HOUR)
    minutes, remaining = divmod(rest, _MINUTE)
    if hours:
        return f"{sign}{hours:,}\N{NO-BREAK SPACE}h {minutes:02}\N{NO-BREAK SPACE}min"
    return f"{sign}{minutes}\N{NO-BREAK SPACE}min {remaining:02}\N{NO-BREAK SPACE}s"


def minutes_of_work(minutes: float) -> str:
    """Write an effort: minutes below two hours, then hours, then days of eight hours."""
    if minutes < 1:
        return "under a minute"
    if minutes < 2 * _MINUTE:
        return f"{round(minutes)}\N{NO-BREAK SPACE}min"
    hours = minutes / _MINUTE
    return f"{_short(hours, 2)}\N{NO-BREAK SPACE}h"


def byte_size(size: float | None) -> str:
    """Write a size in binary units."""
    if size is None:
        return NOT_KNOWN
    if not math.isfinite(size):
        return significant(size)
    value = abs(size)
    for unit in _BINARY:
        if value < 1023.5 or unit == _BINARY[-1]:  # noqa: PLR2004 - rounds to 1,024 of the unit
            break
        value /= 1024
    text = significant(value) if unit != "B" else f"{value:,.0f}"
    return f"{chr(0x2212) if size < 0 else ''}{text}\N{NO-BREAK SPACE}{unit}"


def count(value: float | None) -> str:
    """Write a count with grouped thousands; fractions keep three digits."""
    if value is None:
        return NOT_KNOWN
    if math.isfinite(value) and value == int(value):
        return f"{int(value):,}".replace("-", "\N{MINUS SIGN}")
    return significant(value)


def percent(value: float | None) -> str:
    """Write a share already in percent (0-100)."""
    if value is None:
        return NOT_KNOWN
    return f"{_short(value)}\N{NO-BREAK SPACE}%"


def quantity(value: float | None, unit: str) -> str:
    """Write a value of a base unit for people; an unknown unit is kept as it is."""
    if value is None:
        return NOT_KNOWN
    write = _WRITERS.get(unit.strip().lower())
    return write(value) if write else f"{count(value)}\N{NO-BREAK SPACE}{unit}"


def _bytes_a_second(value: float) -> str:
    return f"{byte_size(value)}/s"


def _milliseconds(value: float) -> str:
    return duration(value / 1000)


def _times(value: float) -> str:
    return f"{_short(value)}\N{MULTIPLICATION SIGN}"


_WRITERS: dict[str, Callable[[float], str]] = {
    **dict.fromkeys(("s", "second", "seconds"), duration),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), _milliseconds),
    **dict.fromkeys(("b", "byte", "bytes"), byte_size),
    **dict.fromkeys(("bytes/s", "bytes_per_second", "bytes per second", "b/s"), _bytes_a_second),
    **dict.fromkeys(("%", "percent"), percent),
    **dict.fromkeys(("ratio", "x", "times"), _times),
    **dict.fromkeys(("", "1", "count"), count),
}


def change(ratio: float) -> str:
    """Write a ratio of times as a signed percentage, or as a factor from twice on."""
    if ratio >= 2:  # noqa: PLR2004 - "+240 %" reads worse than "3.4 times"
        return f"{significant(ratio, 2)}\N{MULTIPLICATION SIGN}"
    points = (ratio - 1) * 100
    text = f"{abs(points):.0f}" if abs(points) >= 10 else f"{abs(points):.1f}"  # noqa: PLR2004 - digits shown
    if float(text) == 0:
        return "0\N{NO-BREAK SPACE}%"
    return f"{'+' if points > 0 else chr(0x2212)}{text}\N{NO-BREAK SPACE}%"


def factor(ratio: float | None) -> str:
    """Write a ratio of times as a number, as in "1.082"; a dash where there is none."""
    if ratio is None:
        return DASH
    return f"{ratio:.3f}" if ratio < 2 else significant(ratio, 3)  # noqa: PLR2004 - digits that tell something
