"""The text format of Prometheus metrics: a sample a line, `name{label="value"} number`. Pure, standard library only."""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping
from typing import NamedTuple

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?\s*')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", '"': '"', "\\": "\\"}


class Sample(NamedTuple):
    """One value and what it is of."""

    labels: Mapping[str, str]
    value: float


def parse_page(text: str, wanted: Container[str]) -> dict[str, list[Sample]]:
    """Return the samples of the wanted families; a line of another form, or with no finite number, is left out."""
    found: dict[str, list[Sample]] = {}
    for line in text.split("\n"):
        match = _NAME.match(line)
        if match is None or match.group() not in wanted:
            continue
        sample = _sample(line, match.end())
        if sample is not None:
            found.setdefault(match.group(), []).append(sample)
    return found


def _sample(line: str, at: int) -> Sample | None:
    labels = {}
    if line[at : at + 1] == "{":
        at += 1
        while label := _LABEL.match(line, at):
            labels[label.group(1)] = _ESCAPE.sub(_unescape, label.group(2))
            at = label.end()
        if line[at : at + 1] != "}":
            return None
        at += 1
    words = line[at:].split()
    try:
        value = float(words[0])
    except (IndexError, ValueError):
        return None
    return Sample(labels, value) if math.isfinite(value) else None


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPED.get(match.group(1), match.group(0))
