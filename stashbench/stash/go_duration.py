"""Durations as Go prints them, such as `428.049µs` or `1m2.3s`."""

from __future__ import annotations

import re
from fractions import Fraction

# Both signs for micro occur: U+00B5 from Go, U+03BC from texts that went through normalisation.
SECONDS_OF_UNIT = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "\N{MICRO SIGN}s": Fraction(1, 10**6),
    "\N{GREEK SMALL LETTER MU}s": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_UNITS = "|".join(sorted(SECONDS_OF_UNIT, key=len, reverse=True))
_PART = re.compile(rf"([0-9]+\.?[0-9]*|\.[0-9]+)({_UNITS})")
_WHOLE = re.compile(rf"([-+]?)((?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:{_UNITS}))+|0)")
PATTERN = rf"[-+]?(?:(?:[0-9.]+(?:{_UNITS}))+|0)"


def parse_duration(text: str) -> float | None:
    """Return a Go duration in seconds, or None where the text is no such duration."""
    whole = _WHOLE.fullmatch(text.strip())
    if whole is None:
        return None
    total = sum((Fraction(number) * SECONDS_OF_UNIT[unit] for number, unit in _PART.findall(whole[2])), Fraction(0))
    return float(-total if whole[1] == "-" else total)
