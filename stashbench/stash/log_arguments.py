"""Reads a statement's arguments out of a log line, where they stand as Go prints them: `[1 %word% true <nil>]`.

Values are parted by spaces and may hold some themselves, so that not every line can be read for certain.
"""

from __future__ import annotations

import re

from stashbench.stash.sql_shape import placeholders

Argument = int | float | str | bytes | None

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_FLOAT = re.compile(r"-?[0-9](?:[0-9]*\.[0-9]+|(?:\.[0-9]+)?e[+-][0-9]{2,3})")
_BYTES = re.compile(r"\[(?:[0-9]{1,3}(?: [0-9]{1,3})*)?\]")
_OPAQUE = re.compile(r"0xc[0-9a-f]{9}|\{.*\}", re.DOTALL)  # a pointer, a structure
_LARGEST = 2**63 - 1
_LARGEST_BYTE = 255
_WORDS: dict[str, Argument] = {"<nil>": None, "true": 1, "false": 0}


def read_arguments(sql: str, text: str) -> tuple[Argument, ...] | None:
    """Return the arguments of a statement, given what the log shows between the brackets.

    None where that cannot be said for certain: a value with spaces among others, or one that Go shows as no value.
    """
    count = placeholders(sql)
    if count is None:
        return None
    if count == 0:
        return None if text else ()
    pieces = [text] if count == 1 else _split(text)
    if len(pieces) != count or any(_OPAQUE.fullmatch(piece) for piece in pieces):
        return None
    return tuple(_value(piece) for piece in pieces)


def _split(text: str) -> list[str]:
    """Part at spaces, except those inside bytes."""
    pieces: list[str] = []
    end = 0
    for match in _BYTES.finditer(text):
        if (match.start() == 0 or text[match.start() - 1] == " ") and text[match.end() : match.end() + 1] in {"", " "}:
            before = text[end : max(match.start() - 1, end)]
            pieces += before.split(" ") if match.start() > end else []
            pieces.append(match[0])
            end = match.end() + 1
    return pieces + (text[end:].split(" ") if end <= len(text) else [])


def _value(piece: str) -> Argument:
    if piece in _WORDS:
        return _WORDS[piece]
    if _INTEGER.fullmatch(piece) and abs(int(piece)) <= _LARGEST:
        return int(piece)
    if _FLOAT.fullmatch(piece):
        return float(piece)
    if _BYTES.fullmatch(piece):
        values = [int(part) for part in piece[1:-1].split()]
        if all(value <= _LARGEST_BYTE for value in values):
            return bytes(values)
    return piece
