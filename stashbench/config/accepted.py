"""Changes that are known and taken: each with a reason and a last day, so that none is forgotten."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from stashbench.config.convert import convert
from stashbench.errors import ConfigurationError
from stashbench.model.acceptance import AcceptedChange
from stashbench.model.text import one_line

_KNOWN = ("benchmark", "reason", "until", "up_to")
_LONGEST = 500
_LARGEST_RATIO = 1_000_000.0


def read_accepted(content: object, path: Path | None) -> tuple[AcceptedChange, ...]:
    """Read the `[[accepted]]` entries.

    Raises:
        ConfigurationError: an entry lacks its benchmark, reason or last day, or holds what makes no sense.
    """
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        message = f"{path}: `accepted` must be a list: write [[accepted]] above each accepted change"
        raise ConfigurationError(message)
    return tuple(_read_one(item, f"{path}: [[accepted]] no. {number}") for number, item in enumerate(content, start=1))


def _read_one(item: dict[str, Any], place: str) -> AcceptedChange:
    unknown = sorted(item.keys() - set(_KNOWN))
    if unknown:
        message = f"{place} knows no {unknown[0]!r}; it takes {', '.join(_KNOWN)}"
        raise ConfigurationError(message)
    benchmark = _text(item, "benchmark", place, "the id of a benchmark, or a pattern such as 'tags*'")
    reason = _text(item, "reason", place, f"why the change of {benchmark} is accepted")
    if "until" not in item:
        message = f"{place} ({benchmark}) has no `until`; give the last day on which it holds, as until = 2027-01-31"
        raise ConfigurationError(message)
    return AcceptedChange(
        benchmark=benchmark,
        reason=reason,
        until=_day(item["until"], f"{place} ({benchmark})"),
        up_to=_ratio(item["up_to"], f"{place} ({benchmark})") if "up_to" in item else None,
    )


def _text(item: dict[str, Any], name: str, place: str, what: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value.strip():
        message = f"{place} has no `{name}`; give {what}"
        raise ConfigurationError(message)
    return one_line(value.strip(), _LONGEST)


def _day(value: object, place: str) -> date:
    """Take a date of TOML's, or one in quotes."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        message = f"{place}: until = {value!r} is not a day; write it as until = 2027-01-31"
        raise ConfigurationError(message) from error


def _ratio(value: object, place: str) -> float:
    number = float(convert("up_to", value, float)) if not isinstance(value, list | dict) else 0.0
    if not 1 < number <= _LARGEST_RATIO:
        message = f"{place}: up_to = {value} makes no sense; give a ratio above 1, such as 1.5 for half as much again"
        raise ConfigurationError(message)
    return number
