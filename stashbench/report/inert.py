"""Text of strangers in Markdown: it stands for itself, whatever it holds."""

from __future__ import annotations

import re

from stashbench.report.visible import visible

_LONGEST_TEXT = 600
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
# What would begin emphasis, code, a link, a cell, a formula, or an address that becomes a link by itself.
_SPECIAL = re.compile(r"[\\`*_\[\]|~$#]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What would begin a list, a heading or a rule at the start of a line.
_LEADING = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")


def inert(text: str) -> str:
    """Make any text stand for itself in one line of Markdown, table cells included."""
    line = " ".join(visible(text).split())
    if len(line) > _LONGEST_TEXT:
        line = f"{line[:_LONGEST_TEXT]}…"
    line = _SPECIAL.sub(lambda match: f"\\{match.group()}", line)
    line = _LEADING.sub(_escape_start, line)
    return "".join(_HTML.get(character, character) for character in line)


def _escape_start(match: re.Match[str]) -> str:
    """Escape the sign, or put the backslash behind a number, where Markdown looks for it."""
    text = match.group()
    return f"{text}\\" if text.isdigit() else f"\\{text}"
