"""What an answer says about the request: how many rows it holds, or that the server does not know the sort."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def declined_sort(message: str, variables: Mapping[str, object]) -> str:
    """Return the sort asked for if the message declines it: newer servers say so, older ones lack the column."""
    options = variables.get("filter")
    sort = options.get("sort") if isinstance(options, Mapping) else None
    if not isinstance(sort, str):
        return ""
    # Old servers take whatever ends in _count for a number of rows of another table.
    column = rf"(\w+\.)?{re.escape(sort)}\b|{re.escape(sort.removesuffix('_count'))}\.id\b"
    is_declined = re.search(rf"\binvalid sort: {re.escape(sort)}\b|\bno such column: ({column})", message)
    return sort if is_declined else ""


def count_rows(data: Mapping[str, Any]) -> int | None:
    """Count the rows of an answer: its first root field is a list, or a page that holds one; one object has no rows."""
    root = next(iter(data.values()), None)
    if isinstance(root, list):
        return len(root)
    if not isinstance(root, dict) or "id" in root:
        return None
    return max((len(value) for value in root.values() if isinstance(value, list)), default=None)
