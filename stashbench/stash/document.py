"""Reads a GraphQL document just far enough to name it: no parser is loaded for timed code.

What a document may hold is checked with a real parser in the project's tests, for every document it ships.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stashbench.errors import RequestError

_NOISE = re.compile(r'"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*')
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_OPERATION = re.compile(r"\b(query|mutation|subscription)\b\s*([_A-Za-z][_0-9A-Za-z]*)?|\{|\bfragment\b")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a document asks for: `query`, `mutation` or `subscription`, its name and its first root field."""

    kind: str
    name: str
    root_field: str


def find_operation(document: str, name: str | None = None) -> Operation:
    """Return the named operation of a document, or its first one.

    Raises:
        RequestError: there is none.
    """
    # Strings and comments may hold braces; same-length blanks keep everything else in place.
    text = _NOISE.sub(lambda match: " " * len(match[0]), document)
    position = 0
    while match := _OPERATION.search(text, position):
        opening = match.start() if match[0] == "{" else _find_body(text, match.end())
        if opening < 0:
            break
        if match[0] != "fragment" and (name is None or match[2] == name):
            return Operation(match[1] or "query", match[2] or "", _root_field(text, opening))
        position = _closing(text, opening) + 1
    message = f"The document holds no operation{f' named {name}' if name else ''}."
    raise RequestError(message)


def _find_body(text: str, start: int) -> int:
    """Return where the selection begins: the first brace outside of the variables' parentheses."""
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == "(") - (text[index] == ")")
        if text[index] == "{" and not depth:
            return index
    return -1


def _closing(text: str, opening: int) -> int:
    depth = 0
    for index in range(opening, len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if not depth:
            return index
    return len(text)


def _root_field(text: str, opening: int) -> str:
    """Return the first field of a selection, behind its alias."""
    first = _NAME.search(text, opening)
    if first is None:
        return ""
    aliased = re.compile(r"\s*:\s*([_A-Za-z][_0-9A-Za-z]*)").match(text, first.end())
    return aliased[1] if aliased else first[0]
