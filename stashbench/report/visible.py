"""Text of strangers made safe to show: control characters become visible, identifiers become anchors."""

from __future__ import annotations

import hashlib
import re

# Control characters but tab and line feed, lone surrogates, non-characters, and the marks that reorder text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 60


def visible(text: str) -> str:
    """Show what would be invisible, not encodable, or would reorder its neighbours."""
    return _INVISIBLE.sub(lambda match: f"[U+{ord(match.group()):04X}]", text)


def anchor(prefix: str, identifier: str) -> str:
    """Make an HTML id of any identifier: the same one always gives the same, unlike ones unlike."""
    slug = _NOT_SLUG.sub("-", identifier.lower()).strip("-")[:_LONGEST_SLUG]
    if slug and slug == identifier:
        return f"{prefix}-{slug}"
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{prefix}-{slug}-{digest}" if slug else f"{prefix}-{digest}"
