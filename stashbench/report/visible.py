"""Text of strangers made safe to show in documents: control characters become visible, identifiers anchors."""

from __future__ import annotations

import hashlib
import re

from stashbench.model.text import visible

__all__ = ["anchor", "visible"]

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 60


def anchor(prefix: str, identifier: str) -> str:
    """Make an HTML id of any identifier: the same one always gives the same, unlike ones unlike."""
    slug = _NOT_SLUG.sub("-", identifier.lower()).strip("-")[:_LONGEST_SLUG]
    if slug and slug == identifier:
        return f"{prefix}-{slug}"
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{prefix}-{slug}-{digest}" if slug else f"{prefix}-{digest}"
