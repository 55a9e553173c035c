"""The SQL functions and the collation that Stash registers on each connection; its statements do not run without."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import apsw

from stashbench.sqlite.natural import compare_natural

COLLATION = "NATURAL_CI"
_PATTERN_CACHE_SIZE = 10  # a statement has one pattern; the cache only spares compiling it for every row
_BITS_64 = 0xFFFF_FFFF_FFFF_FFFF
_MOST_DURATION_PARTS = 3  # hours, minutes, seconds


@lru_cache(maxsize=_PATTERN_CACHE_SIZE)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern once per statement rather than once per row."""
    return re.compile(pattern)


def regexp(pattern: str, text: str | None) -> bool:
    """Say whether the pattern is found in the text; SQLite's REGEXP operator calls this. NULL matches nothing."""
    return text is not None and _compiled(pattern).search(str(text)) is not None


def duration_to_integer(text: str | None) -> int:
    """Turn "h:m:s", "m:s" or "s" into seconds; 0 for anything else."""
    parts = str(text).split(":")
    if len(parts) > _MOST_DURATION_PARTS:
        return 0
    seconds = 0
    for part in parts:
        try:
            seconds = seconds * 60 + int(part)
        except ValueError:
            return 0
    return seconds


def basename(path: str | None) -> str:
    """Return the last part of a path; "." for an empty one and the separator for the root."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def phash_distance(first: int, second: int) -> int:
    """Count the bits in which two perceptual hashes (64-bit integers, possibly negative) differ: 0-64."""
    return ((first ^ second) & _BITS_64).bit_count()


def _remainder(dividend: Any, divisor: Any) -> Any:
    """Stand in for SQLite's mod() where it was built without the mathematical functions; NULL where undefined."""
    return None if dividend is None or not divisor else math.fmod(dividend, divisor)


_FUNCTIONS: tuple[tuple[str, Callable[..., Any], int], ...] = (
    ("regexp", regexp, 2),
    ("durationToTinyInt", duration_to_integer, 1),
    ("basename", basename, 1),
    ("phash_distance", phash_distance, 2),
)


def register(connection: apsw.Connection) -> None:
    """Give a connection regexp, durationToTinyInt, basename, phash_distance (mod if absent) and NATURAL_CI."""
    for name, function, argument_count in _FUNCTIONS:
        connection.create_scalar_function(name, function, argument_count, deterministic=True)
    if "ENABLE_MATH_FUNCTIONS" not in apsw.compile_options:
        connection.create_scalar_function("mod", cast("Any", _remainder), 2, deterministic=True)
    connection.create_collation(COLLATION, compare_natural)
