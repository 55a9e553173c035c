"""Text of strangers made safe to show: what a terminal or a reader would stumble over becomes visible."""

from __future__ import annotations

import re

# Control characters but tab and line feed, lone surrogates, non-characters, and the marks that reorder text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def visible(text: str) -> str:
    """Show what would be invisible, not encodable, or would reorder its neighbours."""
    return _INVISIBLE.sub(lambda match: f"[U+{ord(match.group()):04X}]", text)


def one_line(text: str, limit: int) -> str:
    """Return text as one visible line of at most `limit` characters; what is cut off is marked."""
    # A server may send megabytes, of which nothing beyond the limit is worth looking at.
    line = visible(" ".join(text[: 2 * limit].split()))
    return line if len(line) <= limit and len(text) <= 2 * limit else line[: limit - 1] + "…"
