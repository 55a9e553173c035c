"""Reads a settings file for a server we start: JSON, or the plain `name: value` lines of Stash's own config.yml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from stashbench.errors import UsageError
from stashbench.target.setup import Value, split_settings

_LIMIT_BYTES = 1 << 20
_LINE = re.compile(r"(?P<name>[A-Za-z_][\w.-]*)\s*:(?:\s+(?P<value>.*?))?\s*")
_COMMENT = re.compile(r"\s+#.*$")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "~": None}


def read_settings(path: Path, option: str) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the settings in a file that a server of ours may have, and the names of those left out.

    Left out are secrets and places, which stay ours, and lists and tables, which are not read.

    Raises:
        UsageError: it cannot be read, or holds nothing that can be taken over.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_LIMIT_BYTES + 1)
    except OSError as error:
        message = f"{option} {path} cannot be read: {error.strerror}."
        raise UsageError(message) from error
    if len(text) > _LIMIT_BYTES:
        message = f"{option} {path} is larger than {_LIMIT_BYTES >> 20} MiB, so it is no settings file of Stash."
        raise UsageError(message)
    try:
        plain, nested = _of_json(text) if text.lstrip().startswith(b"{") else _of_lines(text.decode())
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        message = f"{option} {path} holds neither a JSON object nor lines of the form `name: value`; correct it."
        raise UsageError(message) from error
    taken, guarded = split_settings(plain)
    if not taken:
        message = f"{option} {path} holds no setting that a server we start may have: secrets and places stay ours."
        raise UsageError(message)
    return taken, tuple(sorted({*guarded, *nested}))


def _of_json(text: bytes) -> tuple[dict[str, Value], list[str]]:
    values: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
    nested = [name for name, value in values.items() if isinstance(value, list | dict)]
    return {name: value for name, value in values.items() if name not in nested}, nested


def _of_lines(text: str) -> tuple[dict[str, Value], list[str]]:
    """Read the lines that are not indented; a name whose value is on lines of its own is left to the server."""
    plain: dict[str, Value] = {}
    nested: list[str] = []
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line or line in {"---", "..."} or line.lstrip().startswith("#"):
            continue
        if line[0].isspace() or line.startswith("- "):
            continue  # belongs to a name above
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(line)
        value = found["value"]
        if value is None or value.startswith(("[", "{", "|", ">", "&", "*", "!")):
            nested.append(found["name"])
        else:
            plain[found["name"]] = _scalar(value)
    return plain, nested


def _scalar(text: str) -> Value:
    if text[0] in "\"'":
        end = text.rfind(text[0])
        if end == 0 or not re.fullmatch(r"\s*(#.*)?", text[end + 1 :]):
            raise ValueError(text)
        inner = text[1:end]
        return inner.replace("''", "'") if text[0] == "'" else msgspec.json.decode(f'"{inner}"'.encode(), type=str)
    bare = _COMMENT.sub("", text)
    if bare.lower() in _WORDS:
        return _WORDS[bare.lower()]
    if _NUMBER.fullmatch(bare):
        return float(bare) if "." in bare else int(bare)
    return bare
