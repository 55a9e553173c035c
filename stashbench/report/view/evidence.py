"""Evidence of a finding in words: single facts, and tables of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stashbench.model.finding import Evidence
from stashbench.report.quantities import count, quantity

ROWS_AT_MOST = 40
_CODE = ("sql", "statement", "plan", "query", "log", "path", "command", "index", "trace", "definition")
_SUFFIXES = {
    "_bytes_per_second": "bytes/s",
    "_seconds": "seconds",
    "_ms": "ms",
    "_bytes": "bytes",
    "_percent": "percent",
    "_ratio": "ratio",
    "_count": "count",
}
_BARE = {"seconds": ("Time", "seconds"), "bytes": ("Size", "bytes"), "count": ("Count", "count")}
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A named value in words; `is_code` asks for a monospaced font."""

    name: str
    text: str
    is_code: bool = False
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of facts under one set of headings."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Fact, ...], ...]
    more: int


def facts_of(evidence: Iterable[Evidence]) -> tuple[Fact, ...]:
    """Return the single facts."""
    return tuple(_fact(item.name, item.value, item.unit) for item in evidence if not isinstance(item.value, tuple))


def tables_of(evidence: Iterable[Evidence]) -> tuple[Table, ...]:
    """Return the tables, each cut after `ROWS_AT_MOST` rows."""
    tables: list[Table] = []
    for item in evidence:
        if isinstance(item.value, tuple):
            keys = tuple(dict.fromkeys(key for row in item.value for key in row))
            rows = tuple(tuple(_fact(key, row.get(key), "") for key in keys) for row in item.value[:ROWS_AT_MOST])
            columns = tuple(_label(key)[0] for key in keys)
            tables.append(Table(_label(item.name)[0], columns, rows, max(0, len(item.value) - ROWS_AT_MOST)))
    return tuple(tables)


def _fact(name: str, value: Scalar, unit: str) -> Fact:
    label, inferred = _label(name)
    if value is None:
        return Fact(label, "not recorded")
    if isinstance(value, bool):
        return Fact(label, "yes" if value else "no")
    if isinstance(value, str):
        return Fact(label, value, is_code=any(word in name.lower() for word in _CODE))
    known = unit or inferred
    return Fact(label, quantity(value, known) if known else count(value), is_number=True)


def label_of(name: str) -> str:
    """Write the name of a value in words, without its unit: that comes with the value."""
    return _label(name)[0]


def _label(name: str) -> tuple[str, str]:
    """Return a name in words and the unit that its ending tells."""
    if name in _BARE:
        return _BARE[name]
    unit = next((unit for ending, unit in _SUFFIXES.items() if name.endswith(ending)), "")
    ending = next((ending for ending in _SUFFIXES if name.endswith(ending) and ending != "_count"), "")
    words = name[: len(name) - len(ending)] if ending else name
    words = words.removeprefix("is_").removeprefix("has_").replace("_", " ").strip() or name
    return words[:1].upper() + words[1:], unit
